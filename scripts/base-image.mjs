import { createHash } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, step } from './run.mjs'

const directory = join(root, '.cache', 'engine')

/** What the image is made of; another version here is another file in the cache. */
const recipe = {
  debian: 'bookworm',
  include: ['libstdc++6', 'ca-certificates'],
  node: `node-linux-${process.arch}@24.21.0`,
  npm: 'npm@11.19.1',
}

/** The image that packages/api/Dockerfile is made from. */
export const baseImageName = readFileSync(join(root, 'packages/api/Dockerfile'), 'utf8').match(
  /^FROM\s+(\S+)/m,
)[1]

/**
 * A stand-in for the public image where no image registry is reached: Debian's essential packages, npm's own build of Node, npm and the user
 * `node`, as in the original. Answers the path of a tar of the file system, made when the cache hasn't got it.
 */
export async function baseImageFile() {
  const key = createHash('sha256')
    .update(JSON.stringify(recipe))
    .update(authorities())
    .digest('hex')
    .slice(0, 12)
  const file = join(directory, `base-${key}.tar`)
  if (existsSync(file)) return file
  mkdirSync(directory, { recursive: true })
  const room = mkdtempSync(join(tmpdir(), 'lucree-base-'))
  try {
    await makeDebian(join(room, 'root'))
    await addNode(join(room, 'root'), room)
    const tar = [
      '--create',
      '--numeric-owner',
      '--file',
      `${file}.new`,
      '--directory',
      join(room, 'root'),
      '.',
    ]
    await step('Packing the base image', 'tar', tar, { deadlineMs: 120_000 })
    renameSync(`${file}.new`, file)
    return file
  } finally {
    rmSync(room, { recursive: true, force: true })
  }
}

/** The certificate authorities that this machine trusts: npm in the image meets the same proxies as npm here. */
const authorities = () => readFileSync('/etc/ssl/certs/ca-certificates.crt')

async function makeDebian(target) {
  const args = [
    '--quiet',
    '--variant=essential',
    `--include=${recipe.include.join(',')}`,
    recipe.debian,
    target,
  ]
  await step("Making a base image of Debian's packages", 'mmdebstrap', args, { deadlineMs: 300_000 })
}

async function addNode(target, room) {
  for (const [title, name, place] of [
    ['Fetching Node for it', recipe.node, 'usr/local'],
    ['Fetching npm for it', recipe.npm, 'usr/local/lib/node_modules/npm'],
  ]) {
    const packed = await step(title, 'npm', ['pack', '--silent', '--pack-destination', room, name], {
      deadlineMs: 180_000,
    })
    mkdirSync(join(target, place), { recursive: true })
    const archive = join(room, packed.trim().split('\n').at(-1))
    const only = place === 'usr/local' ? ['package/bin'] : ['package']
    const unpack = ['--extract', '--gzip', '--no-same-owner', '--strip-components=1', '--file', archive]
    await step('Unpacking it', 'tar', [...unpack, '--directory', join(target, place), ...only], {
      deadlineMs: 60_000,
    })
  }
  for (const name of ['npm', 'npx']) {
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(target, 'usr/local/bin', name))
  }
  writeFileSync(join(target, 'etc/ssl/certs/ca-certificates.crt'), authorities())
  mkdirSync(join(target, 'usr/local/etc'), { recursive: true })
  writeFileSync(
    join(target, 'usr/local/etc/npmrc'),
    'cafile=/etc/ssl/certs/ca-certificates.crt\nupdate-notifier=false\n',
  )
  addUser(target)
}

/** The user that the original image has. */
function addUser(target) {
  for (const [file, line] of [
    ['passwd', 'node:x:1000:1000::/home/node:/bin/bash'],
    ['group', 'node:x:1000:'],
  ]) {
    writeFileSync(join(target, 'etc', file), `${line}\n`, { flag: 'a' })
  }
  mkdirSync(join(target, 'home/node'))
  chownSync(join(target, 'home/node'), 1000, 1000)
}
