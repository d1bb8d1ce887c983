import type { Check } from './check.ts'
import type { ExaminedContext } from './examined.ts'

/** AWS refuses a request that was signed at another time than its own by more than this. */
const MOST_MS = 5 * 60_000

/** Compares this machine's clock with the date of AWS's answer. */
export const clockCheck: Check<ExaminedContext> = {
  name: 'clock',
  run: ({ clock, caller: { at }, target }) => {
    if (target.local)
      return Promise.resolve([{ name: 'clock', state: 'ok', found: 'both ends are this machine', mend: [] }])
    if (!at) {
      return Promise.resolve([
        { name: 'clock', state: 'unknown', found: "AWS's answer carried no date", mend: [] },
      ])
    }
    const off = clock.now() - at.getTime()
    const seconds = Math.round(Math.abs(off) / 1000)
    // An answer's date has whole seconds and is some time on its way.
    const found = seconds <= 2 ? "agrees with AWS's" : `${seconds} s ${off > 0 ? 'ahead of' : 'behind'} AWS's`
    if (Math.abs(off) <= MOST_MS) return Promise.resolve([{ name: 'clock', state: 'ok', found, mend: [] }])
    return Promise.resolve([
      {
        ...{ name: 'clock', state: 'warning', found, code: 'LUC-ACCOUNT-CLOCK' },
        why: 'AWS refuses requests that are signed more than 5 minutes off; lucree signs with the time of its answers, other tools fail',
        mend: ['sudo timedatectl set-ntp true   # or set the clock by hand'],
      },
    ])
  },
}
