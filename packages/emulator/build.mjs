import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

const here = import.meta.dirname
const require = createRequire(import.meta.url)
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))

/** Of an SDK client only its schemas are used: its other nine tenths (endpoints, credentials, middleware) stay out. */
const schemasOf = (client) => [
  client,
  join(dirname(require.resolve(`${client}/package.json`)), 'dist-es/schemas/schemas_0.js'),
]
const clients = [
  '@aws-sdk/client-auto-scaling',
  '@aws-sdk/client-cloudwatch-logs',
  '@aws-sdk/client-ec2',
  '@aws-sdk/client-elastic-beanstalk',
  '@aws-sdk/client-elastic-load-balancing-v2',
  '@aws-sdk/client-iam',
  '@aws-sdk/client-s3',
  '@aws-sdk/client-service-quotas',
  '@aws-sdk/client-sts',
]

/** Bundles the library and the process with all that they use. */
const bundle = (outdir) =>
  build({
    absWorkingDir: here,
    entryPoints: { index: 'src/index.ts', main: 'src/main.ts' },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    chunkNames: 'chunks/[name]-[hash]',
    alias: Object.fromEntries(clients.map(schemasOf)),
    conditions: ['source', 'module', 'import'],
    mainFields: ['module', 'main'],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'linked',
    logLevel: 'warning',
    define: {
      LUCREE_EMULATOR_VERSION: JSON.stringify(version),
      // libraries in CommonJS know their own file by these
      __filename: 'import.meta.filename',
      __dirname: 'import.meta.dirname',
    },
    // and ask for node's own modules by require
    banner: {
      js: "import{createRequire as createLucreeRequire}from'node:module';const require=createLucreeRequire(import.meta.url);",
    },
  })

/** Writes the types of what the library exports. */
const declare = (outdir) =>
  execFileSync(
    process.execPath,
    [require.resolve('typescript/bin/tsc'), '-p', join(here, 'tsconfig.build.json'), '--outDir', outdir],
    { stdio: 'inherit' },
  )

const dist = join(here, 'dist')
const fresh = `${dist}.${process.pid}`
try {
  await bundle(fresh)
  // preloaded by the applications themselves, so it stays a file of its own
  copyFileSync(join(here, 'src/runtime/process/port-shim.cjs'), join(fresh, 'port-shim.cjs'))
  declare(fresh)
  // a server that runs from an earlier build keeps its files until the new ones are complete
  if (existsSync(dist)) renameSync(dist, `${fresh}.old`)
  renameSync(fresh, dist)
} finally {
  for (const left of [fresh, `${fresh}.old`]) rmSync(left, { recursive: true, force: true })
}
