import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { root, secondsSince, step } from './run.mjs'

const stamp = join(root, '.cache', 'build.json')
const packages = ['api', 'docker-context', 'emulator', 'deployer'].map((name) => `packages/${name}`)
const shared = ['package.json', 'package-lock.json', 'tsconfig.base.json']

/** Made by a build, or of no consequence to it. */
const outputs = new Set(['dist', 'oclif.manifest.json'])
const aside = new Set([...outputs, 'node_modules', 'test'])

/** Installs and builds what is missing or older than its sources; says on stderr what it did and how long that took. */
export async function setUp() {
  const began = performance.now()
  const done = [await install(), await build()]
  if (!done.includes(true)) process.stderr.write(`Packages and build unchanged … ${secondsSince(began)}\n`)
}

async function install() {
  if (isInstalled()) return false
  // Nothing here needs install scripts. --include=dev: a NODE_ENV=production of the user's must not leave the tools out.
  const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  await npm('Installing packages', args, 600_000)
  return true
}

/** Whether node_modules holds what package-lock.json says, by the record that npm keeps there. */
function isInstalled() {
  const record = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const wanted = lockedPackages(join(root, 'package-lock.json'))
  const found = lockedPackages(record)
  return Object.entries(wanted).every(([path, { version, link, optional, integrity }]) => {
    if (!path.includes('node_modules/')) return true
    const there = found[path]
    // An optional package is left out on the platforms that it isn't for.
    if (!there) return optional === true
    return link ? there.link === true : there.version === version && there.integrity === integrity
  })
}

const lockedPackages = (path) => JSON.parse(readFileSync(path, 'utf8')).packages

async function build() {
  const sources = digestOf(sourceFiles())
  if (isBuilt(sources)) return false
  await npm('Building', ['run', 'build'], 300_000)
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, `${JSON.stringify({ sources, outputs: outputsDigest() })}\n`)
  return true
}

/** Whether the last build was made from these sources and nobody touched its output since. Spares the second that lerna takes to say so. */
function isBuilt(sources) {
  if (!existsSync(stamp)) return false
  const last = JSON.parse(readFileSync(stamp, 'utf8'))
  return last.sources === sources && last.outputs === outputsDigest()
}

const sourceFiles = () => [
  ...shared,
  ...packages.flatMap((home) => filesBelow(home, (name) => !aside.has(name))),
]

function outputsDigest() {
  const files = packages.flatMap((home) =>
    readdirSync(join(root, home))
      .filter((name) => outputs.has(name))
      .flatMap((name) => filesBelow(`${home}/${name}`, () => true)),
  )
  return digestOf(files)
}

function filesBelow(path, wanted) {
  if (!statSync(join(root, path)).isDirectory()) return [path]
  return readdirSync(join(root, path))
    .filter(wanted)
    .flatMap((name) => filesBelow(`${path}/${name}`, wanted))
}

/** Over names and contents: a build that makes the same again (a deploy runs one) changes nothing. */
function digestOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths.toSorted())
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0')
  return hash.digest('hex')
}

/** Runs npm as a step: the npm that runs this script, if one does, else the one on the PATH. */
async function npm(title, args, deadlineMs) {
  const env = { NX_DAEMON: 'false', NX_TUI: 'false' }
  const self = process.env.npm_execpath
  const known = self !== undefined && basename(self).startsWith('npm-cli.')
  const [command, first] = known ? [process.execPath, [self]] : ['npm', []]
  await step(
    `${title} (npm ${args.slice(0, args[0] === 'run' ? 2 : 1).join(' ')})`,
    command,
    [...first, ...args],
    {
      deadlineMs,
      env,
    },
  )
}
