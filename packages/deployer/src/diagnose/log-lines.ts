import { EVIDENCE_LINES, type Evidence } from './evidence.ts'

/** Last lines of the application's own output, of all its instances. */
export function applicationOutput({ logs }: Evidence, most = EVIDENCE_LINES): string[] {
  return lastLines(logs, /stdouterr\.log$/, most)
}

/** Last lines of the platform's engine log: the build's output is in it. */
export function engineLog({ logs }: Evidence, most = EVIDENCE_LINES): string[] {
  return lastLines(logs, /eb-engine\.log$/, most)
}

export function proxyErrors({ logs }: Evidence, most = 3): string[] {
  return lastLines(logs, /nginx\/error\.log$/, most)
}

function lastLines(logs: Evidence['logs'], path: RegExp, most: number): string[] {
  const of = logs.filter((log) => path.test(log.path) && log.lines.some((line) => line.trim() !== ''))
  if (of.length === 0) return []
  // Instances of one fleet fail alike: the last one's lines tell it, rather than a few of each.
  return (of.at(-1)?.lines ?? []).filter((line) => line.trim() !== '').slice(-most)
}

/** Errors among Beanstalk's events, without the ones that only say that something failed. */
export function errorEvents({ events }: Evidence): string[] {
  const generic =
    /^(Failed to deploy application\.|Failed to deploy configuration\.|Create environment operation is complete|Unsuccessful command execution)/
  const errors = events
    .filter(({ severity }) => severity === 'ERROR' || severity === 'FATAL')
    .map(({ message }) => message)
  const telling = errors.filter((message) => !generic.test(message))
  return telling.length > 0 ? telling : errors
}
