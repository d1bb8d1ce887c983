import type { CheckedSource, Warn } from './checked-source.ts'

/** Warns of names that change on the way: unzip 6.0 on the instance drops control characters and keeps everything else. */
export function checkNames({ entries }: CheckedSource, warn: Warn): void {
  for (const { path } of entries) {
    if (!/\p{Cc}/u.test(path)) continue
    warn(
      `${JSON.stringify(path)} has a control character in its name, which unzip drops on the instance: rename it.`,
    )
  }
}
