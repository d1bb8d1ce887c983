import { goQuote } from './go-quote.ts'

const NANOSECONDS: Record<string, number> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
}
const LONGEST = 2 ** 63

/** What BuildKit says against an interval of HEALTHCHECK, in Go's words; undefined when nothing. Empty and 0 are the default. */
export function checkDuration(text: string, flag: string): string | undefined {
  if (text === '') return undefined
  const nanoseconds = readDuration(text)
  if (typeof nanoseconds === 'string') return nanoseconds
  if (nanoseconds === 0 || nanoseconds >= 1e6) return undefined
  return `Interval ${goQuote(flag)} cannot be less than 1ms`
}

/** In nanoseconds; a text is what Go says against it. */
function readDuration(text: string): number | string {
  const invalid = `time: invalid duration ${goQuote(text)}`
  const sign = /^[+-]/.exec(text)?.[0] ?? ''
  let rest = text.slice(sign.length)
  if (rest === '0') return 0
  if (rest === '') return invalid
  let sum = 0
  while (rest !== '') {
    const number = /^(\d+\.?\d*|\.\d+)/.exec(rest)?.[0]
    if (number === undefined) return invalid
    rest = rest.slice(number.length)
    const unit = /^[^\d.]*/.exec(rest)?.[0] ?? ''
    if (unit === '') return `time: missing unit in duration ${goQuote(text)}`
    const factor = Object.hasOwn(NANOSECONDS, unit) ? NANOSECONDS[unit] : undefined
    if (factor === undefined) return `time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}`
    rest = rest.slice(unit.length)
    sum += Number(number) * factor
    if (sum >= LONGEST) return invalid
  }
  return sign === '-' ? -sum : sum
}
