import { appendFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Clock } from '../../../clock.ts'

/** Writes an instance's docker-events.log, as `docker events` prints it: it tells which container an output is from, and when that began. */
export async function tellDockerEvent(
  outputFile: string,
  event: 'create' | 'start' | 'die',
  clock: Clock,
  details = '',
): Promise<void> {
  const [, id = ''] = /^eb-([0-9a-f]+)-/.exec(basename(outputFile)) ?? []
  const logs = join(dirname(outputFile), '..', '..', '..')
  const at = clock.now().toISOString().replace('Z', '000000Z')
  const line = `${at} container ${event} ${id} (${details}image=aws_beanstalk/current-app)\n`
  await appendFile(join(logs, 'docker-events.log'), line, { mode: 0o600 })
}
