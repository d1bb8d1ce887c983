/** Linux's signals by name. */
const NAMES = new Set(
  (
    'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG ' +
    'USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'
  ).split(' '),
)

/** Whether STOPSIGNAL takes it: a number but 0, or a name in any case, with `SIG` or without. */
export function isSignal(text: string): boolean {
  if (/^[+-]?\d+$/.test(text)) return Number(text) !== 0
  const name = text.toUpperCase().replace(/^SIG/, '')
  if (NAMES.has(name)) return true
  const realtime = /^RT(MIN\+|MAX-)(\d+)$/.exec(name)
  const from = Number(realtime?.[2] ?? 0)
  return from >= 1 && from <= (realtime?.[1] === 'MIN+' ? 15 : 14)
}
