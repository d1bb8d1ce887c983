import { appendFile } from 'node:fs/promises'
import type { Clock } from '../../../clock.ts'

/** An instance's eb-engine.log, in the platform's own format. Lines come out in the order in which they went in. */
export interface EngineLog {
  info(line: string): void
  warn(line: string): void
  error(line: string): void
  /** The engine's answer to the command, which ends its part of the log. */
  respond(status: 'SUCCESS' | 'FAILURE', messages: { message: string; severity: 'INFO' | 'ERROR' }[]): void
  /** Resolves when all lines are in the file; rejects when one couldn't be written. */
  flush(): Promise<void>
}

export function openEngineLog(path: string, clock: Clock): EngineLog {
  let written: Promise<void> = Promise.resolve()
  const write = (level: 'INFO' | 'WARN' | 'ERROR', text: string) => {
    const line = `${stamp(clock.now())} [${level}] ${text}\n`
    written = written.then(() => appendFile(path, line, { mode: 0o600 }))
    // Told by flush; unheard until then, it would end the process.
    written.catch(() => undefined)
  }
  return {
    info: (line) => write('INFO', line),
    warn: (line) => write('WARN', line),
    error: (line) => write('ERROR', line),
    respond: (status, messages) =>
      write('INFO', `CommandService Response: ${response(status, messages, clock.now())}`),
    flush: () => written,
  }
}

function response(status: string, messages: { message: string; severity: string }[], now: Date): string {
  const failed = status === 'FAILURE'
  const events = messages.map(({ message, severity }) => ({
    msg: message,
    timestamp: now.getTime(),
    severity,
  }))
  const msg = failed ? 'Engine execution has encountered an error.' : 'Engine execution has succeeded.'
  return JSON.stringify({
    status,
    api_version: '1.0',
    results: [{ status, msg, returncode: failed ? 1 : 0, events }],
  })
}

/** `YYYY/MM/DD HH:MM:SS.micro`, in UTC as on an instance. */
function stamp(now: Date): string {
  const [date, time] = now.toISOString().split('T')
  return `${date!.replaceAll('-', '/')} ${time!.slice(0, 12)}000`
}
