import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Plugin } from '@oclif/core/config'
import { build } from 'esbuild'

const packageDir = dirname(fileURLToPath(import.meta.url))

/** Entry points by their place in `dist`: the program, the help, the hook, and each command at the path that is its name. */
async function entryPoints() {
  const commands = join(packageDir, 'src/commands')
  const files = await readdir(commands, { recursive: true })
  const entries = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ in: join(commands, file), out: join('commands', file.slice(0, -'.ts'.length)) }))
  return [
    { in: join(packageDir, 'src/cli/main.ts'), out: 'main' },
    { in: join(packageDir, 'src/cli/help.ts'), out: 'help' },
    { in: join(packageDir, 'src/cli/command-not-found.ts'), out: 'command-not-found' },
    ...entries,
  ]
}

/** What libraries in CommonJS expect to find. */
const commonJs = [
  "import{createRequire as createLucreeRequire}from'node:module'",
  'const require=createLucreeRequire(import.meta.url)',
  'const lucreeFilename=import.meta.filename',
  'const lucreeDirname=import.meta.dirname;',
].join(';')

/** Bundles lucree and all its libraries, split so that a command loads only what it uses. The embedded Beanstalk stays a package of its own. */
async function bundle(outdir) {
  await build({
    entryPoints: await entryPoints(),
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    // jsonc-parser's main is UMD, whose inner requires no bundler sees; its module is not.
    mainFields: ['module', 'main'],
    conditions: ['source', 'module', 'import'],
    target: 'node20',
    // oclif can run sources in TypeScript, with compilers that lucree never asks it to load.
    external: ['@lucree/emulator', 'typescript', 'tsx', 'ts-node'],
    chunkNames: 'chunks/[name]-[hash]',
    // Names stay readable: a stack trace in a bug report has to say something.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'linked',
    logLevel: 'warning',
    banner: { js: commonJs },
    define: { __filename: 'lucreeFilename', __dirname: 'lucreeDirname' },
  })
}

/** Writes what oclif would otherwise find out at each start by loading every command. */
async function writeManifest(root) {
  const plugin = new Plugin({
    root,
    type: 'core',
    isRoot: true,
    ignoreManifest: true,
    errorOnManifestCreate: true,
  })
  await plugin.load()
  await writeFile(join(root, 'oclif.manifest.json'), `${JSON.stringify(plugin.manifest)}\n`)
}

/** Builds into `dist` of `root`; what runs from an earlier build keeps its files until the new one is complete. */
async function main(root) {
  const fresh = join(root, '.cache', `dist-${process.pid}`)
  const old = `${fresh}.old`
  await mkdir(join(root, '.cache'), { recursive: true })
  await bundle(fresh)
  await rename(join(root, 'dist'), old).catch((error) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rename(fresh, join(root, 'dist'))
  await rm(old, { recursive: true, force: true })
  await writeManifest(root)
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  console.log(`lucree ${version} built in ${relative(process.cwd(), join(root, 'dist')) || '.'}`)
}

await main(resolve(process.argv[2] ?? packageDir))
