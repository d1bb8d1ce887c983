import { execFileSync } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const here = import.meta.dirname
const require = createRequire(import.meta.url)
const dist = join(here, 'dist')
const fresh = `${dist}.${process.pid}`
try {
  execFileSync(
    process.execPath,
    [require.resolve('typescript/bin/tsc'), '-p', join(here, 'tsconfig.build.json'), '--outDir', fresh],
    { stdio: 'inherit' },
  )
  if (existsSync(dist)) renameSync(dist, `${fresh}.old`)
  renameSync(fresh, dist)
} finally {
  for (const left of [fresh, `${fresh}.old`]) rmSync(left, { recursive: true, force: true })
}
