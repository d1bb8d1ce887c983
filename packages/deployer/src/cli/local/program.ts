import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PlatformError } from '../../errors.ts'

/** Path of the embedded Beanstalk's program, a package of its own that lucree depends on. */
export function emulatorProgram(): string {
  const program = join(dirname(resolvePackage()), 'main.js')
  if (existsSync(program)) return program
  throw missing(`${program} is not there`)
}

function resolvePackage(): string {
  try {
    return createRequire(import.meta.url).resolve('@lucree/emulator')
  } catch (error) {
    throw missing(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error))
  }
}

function missing(why: string): PlatformError {
  return new PlatformError('The embedded Beanstalk is not installed', {
    code: 'LUC-LOCAL-NOT-INSTALLED',
    why,
    hints: ['npm ci && npm run build   # in the checkout of lucree'],
  })
}
