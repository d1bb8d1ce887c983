import { BlockList, isIPv6 } from 'node:net'
import { arnFits, fits } from './wildcard.ts'

/** What is known of a request beside its action and resource: condition keys with their values. */
export type RequestContext = Readonly<Record<string, string | readonly string[] | undefined>>

type Comparison = (wanted: string, actual: string) => boolean

const lower = (text: string) => text.toLowerCase()
const number = (compare: (wanted: number, actual: number) => boolean): Comparison => {
  return (wanted, actual) => compare(Number(wanted), Number(actual))
}
const time = (compare: (wanted: number, actual: number) => boolean): Comparison => {
  return (wanted, actual) => compare(instantOf(wanted), instantOf(actual))
}
const instantOf = (text: string) => (/^\d+$/.test(text) ? Number(text) * 1000 : new Date(text).getTime())

/** The operators that a value has to meet one wanted value of (AWS, IAM JSON policy elements: condition operators). */
const POSITIVE: Record<string, Comparison> = {
  StringEquals: (wanted, actual) => wanted === actual,
  StringEqualsIgnoreCase: (wanted, actual) => lower(wanted) === lower(actual),
  StringLike: fits,
  ArnEquals: arnFits,
  ArnLike: arnFits,
  Bool: (wanted, actual) => lower(wanted) === lower(actual),
  NumericEquals: number((wanted, actual) => actual === wanted),
  NumericLessThan: number((wanted, actual) => actual < wanted),
  NumericLessThanEquals: number((wanted, actual) => actual <= wanted),
  NumericGreaterThan: number((wanted, actual) => actual > wanted),
  NumericGreaterThanEquals: number((wanted, actual) => actual >= wanted),
  DateEquals: time((wanted, actual) => actual === wanted),
  DateLessThan: time((wanted, actual) => actual < wanted),
  DateLessThanEquals: time((wanted, actual) => actual <= wanted),
  DateGreaterThan: time((wanted, actual) => actual > wanted),
  DateGreaterThanEquals: time((wanted, actual) => actual >= wanted),
  IpAddress: inRange,
}

/** Their negations: a value may meet none of the wanted ones, and a key that isn't there meets none. */
const NEGATIVE: Record<string, Comparison> = {
  StringNotEquals: POSITIVE['StringEquals']!,
  StringNotEqualsIgnoreCase: POSITIVE['StringEqualsIgnoreCase']!,
  StringNotLike: fits,
  ArnNotEquals: arnFits,
  ArnNotLike: arnFits,
  NumericNotEquals: POSITIVE['NumericEquals']!,
  DateNotEquals: POSITIVE['DateEquals']!,
  NotIpAddress: inRange,
}

function inRange(wanted: string, actual: string): boolean {
  const [network = '', bits] = wanted.split('/')
  const family = isIPv6(network) ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  try {
    if (bits === undefined) list.addAddress(network, family)
    else list.addSubnet(network, Number(bits), family)
    return list.check(actual, isIPv6(actual) ? 'ipv6' : 'ipv4')
  } catch {
    // not an address: it is in no range
    return false
  }
}

interface Operator {
  set: 'ForAnyValue' | 'ForAllValues' | undefined
  name: string
  ifExists: boolean
}

function operatorOf(text: string): Operator {
  const [, set, name = '', ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(\w*?)(IfExists)?$/.exec(text) ?? []
  return { set: set as Operator['set'], name, ifExists: ifExists !== undefined }
}

/** Whether a condition with this operator can be decided here. */
export function isKnownOperator(text: string): boolean {
  const { name, set, ifExists } = operatorOf(text)
  if (name === 'Null') return set === undefined && !ifExists
  return Object.hasOwn(POSITIVE, name) || Object.hasOwn(NEGATIVE, name)
}

/** Tells whether a request meets one operator's demand on one key. Keys are compared without regard to case. */
export function holds(operator: string, key: string, wanted: string[], context: RequestContext): boolean {
  const { set, name, ifExists } = operatorOf(operator)
  const actual = valuesOf(context, key)
  if (name === 'Null') return wanted.includes(String(actual === undefined))
  if (actual === undefined && ifExists) return true
  const negative = NEGATIVE[name]
  const compare = negative ?? POSITIVE[name]
  if (!compare) return false
  const meets = (value: string) => wanted.some((one) => compare(one, value)) === !negative
  if (set === 'ForAllValues') return (actual ?? []).every(meets)
  if (set === 'ForAnyValue') return (actual ?? []).some(meets)
  return actual === undefined ? Boolean(negative) : negative ? actual.every(meets) : actual.some(meets)
}

function valuesOf(context: RequestContext, key: string): readonly string[] | undefined {
  const found = Object.keys(context).find((name) => lower(name) === lower(key))
  const value = found === undefined ? undefined : context[found]
  return typeof value === 'string' ? [value] : value
}
