import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from './clock.ts'
import { startEmulator } from './emulator.ts'
import { EmulatorError } from './errors.ts'
import { fileLog } from './log-file.ts'
import { machineOf } from './machine.ts'
import { readMainOptions } from './main-options.ts'

/**
 * The emulator as a process. When it is ready it prints one line of JSON, `{url, pid, region, accountId}`; when it can't start, one sentence
 * on stderr, `{"error": {code, message}}` on stdout, and it ends with 1 (2 for its arguments and DOCKER_HOST). SIGTERM and SIGINT end it cleanly.
 */
async function main(): Promise<void> {
  const { dir, port, runtime, pace, region, account } = readMainOptions(process.argv.slice(2))
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new EmulatorError('StateNotWritable', `${dir} can't be made: ${(cause as Error).message}.`, {
      cause,
    })
  })
  const log = fileLog(join(dir, 'server.log'), systemClock)
  process.on('uncaughtExceptionMonitor', (error) => log(`the server ends: ${error.stack ?? error.message}`))
  const emulator = await startEmulator({
    dir,
    runtime,
    pace,
    log,
    kill: () => process.kill(process.pid, 'SIGKILL'),
    machine: machineOf(process.env),
    ...(port === undefined ? {} : { port }),
    ...(region === undefined ? {} : { region }),
    ...(account === undefined ? {} : { account }),
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log(`${signal}: closing`)
      emulator.close().catch((cause: unknown) => fail(cause))
    })
  }
  print({ url: emulator.url, pid: process.pid, region: emulator.region, accountId: emulator.accountId })
}

const print = (document: object) => process.stdout.write(`${JSON.stringify(document)}\n`)

function fail(cause: unknown): void {
  const known = cause instanceof EmulatorError
  const message = known
    ? cause.message
    : `The emulator failed: ${cause instanceof Error ? cause.stack : String(cause)}`
  process.exitCode = known && ['InvalidOption', 'DockerHost'].includes(cause.code) ? 2 : 1
  process.stderr.write(`${message}\n`)
  print({ error: { code: known ? cause.code : 'Unexpected', message } })
}

await main().catch(fail)
