import { fileURLToPath } from 'node:url'
import { run } from '@oclif/core/run'
import { settings } from '@oclif/core/settings'
import { silentLogger } from './silent-logger.ts'

/** The package's directory: this file is bundled into its `dist`. */
const packageDir = fileURLToPath(new URL('..', import.meta.url))

/** Runs the command line and gives its exit code; whatever goes wrong has been said by then. */
export async function main(argv: string[]): Promise<number> {
  settings.enableAutoTranspile = false
  // Node's warnings, such as a library's about the Node version, are for developers.
  if (!process.env['LUCREE_DEBUG']) process.removeAllListeners('warning')
  const command = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv
  try {
    await Promise.race([run(command, { root: packageDir, logger: silentLogger }), uncaughtFailure()])
    return 0
  } catch (error) {
    const { fail } = await import('./fail.ts')
    return await fail(error, argv, process.env)
  }
}

/** Rejects with what nobody caught, such as an error in a callback: it is answered like any other failure. */
function uncaughtFailure(): Promise<never> {
  return new Promise((_, reject) => process.once('uncaughtException', reject))
}
