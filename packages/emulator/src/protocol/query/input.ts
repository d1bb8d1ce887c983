import { parseRfc3339DateTimeWithOffset } from '@smithy/core/serde'
import { ServiceError } from '../../services/service.ts'
import { requiredMembers, type Schema } from '../schema.ts'
import { isSpeakable } from '../xml.ts'
import type { Parameter } from './form.ts'

/** Parameters of the protocol itself, not of any action. */
const ENVELOPE = new Set(['Action', 'Version'])

const invalid = (message: string) => new ServiceError('ValidationError', message)

/** Coral's path to a member in its messages: `optionSettings.1.member.namespace`. */
const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)

/** How a dialect of the protocol names what it sends. */
export interface Names {
  /** A member's name on the wire. */
  of(name: string, member: Schema): string
  /** The step between a list's name and its numbers; undefined when there is none. */
  step(list: Schema): string | undefined
}

const queryNames: Names = {
  of: (name, member) => member.getMergedTraits().xmlName ?? name,
  step: (list) =>
    list.getMergedTraits().xmlFlattened
      ? undefined
      : (list.getValueSchema().getMergedTraits().xmlName ?? 'member'),
}

/** EC2's own: names of its own or capitalized ones, and flat lists only. */
export const ec2Names: Names = {
  of(name, member) {
    const { ec2QueryName, xmlName } = member.getMergedTraits()
    return (
      (ec2QueryName as string | undefined) ??
      (xmlName === undefined ? name : xmlName.charAt(0).toUpperCase() + xmlName.slice(1))
    )
  },
  step: () => undefined,
}

/** What was missed on the way; told together, as the service does. */
interface Reading {
  missing: string[]
  names: Names
}

/**
 * Turns the parameters of a query into the action's input, as the schema says and the dialect's `names` have it.
 * Throws ServiceError `ValidationError` on a parameter the action doesn't know, a value of the wrong form, or a required one that is missing.
 */
export function readInput(
  schema: Schema,
  parameters: Parameter,
  names = queryNames,
): Record<string, unknown> {
  for (const name of ENVELOPE) parameters.children.delete(name)
  if (schema.isUnitSchema()) {
    const [extra] = parameters.children.keys()
    if (extra !== undefined) throw invalid(`Unknown parameter: ${extra}`)
    return {}
  }
  const reading: Reading = { missing: [], names }
  const input = readStructure(schema, parameters, '', reading)
  if (reading.missing.length) throw missingMembers(reading.missing)
  return input
}

function missingMembers(paths: string[]): ServiceError {
  const problems = paths.map(
    (path) => `Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  )
  return invalid(
    `${paths.length} validation error${paths.length > 1 ? 's' : ''} detected: ${problems.join('; ')}`,
  )
}

function readStructure(
  schema: Schema,
  from: Parameter,
  path: string,
  reading: Reading,
): Record<string, unknown> {
  const members = new Map<string, [name: string, member: Schema]>()
  for (const [name, member] of schema.structIterator()) {
    members.set(reading.names.of(name, member), [name, member])
  }
  const out: Record<string, unknown> = {}
  for (const [wireName, parameter] of from.children) {
    const known = members.get(wireName)
    if (!known) throw invalid(`Unknown parameter: ${path}${wireName}`)
    out[known[0]] = readValue(known[1], parameter, `${path}${lowerFirst(wireName)}`, reading)
  }
  for (const name of requiredMembers(schema)) {
    if (out[name] === undefined) reading.missing.push(`${path}${lowerFirst(name)}`)
  }
  return out
}

function readValue(schema: Schema, from: Parameter, path: string, reading: Reading): unknown {
  if (schema.isListSchema()) return readList(schema, from, path, reading)
  if (schema.isStructSchema()) {
    if (from.value) throw invalid(`Invalid value at '${path}': a structure was expected`)
    return readStructure(schema, from, `${path}.`, reading)
  }
  if (from.children.size) throw invalid(`Unknown parameter: ${path}.${[...from.children.keys()][0]}`)
  return readSimple(schema, from.value ?? '', path)
}

/** `Name.member.1`, `Name.member.2`, …; an empty list is the bare `Name=`. Numbers may have gaps, their order counts. */
function readList(schema: Schema, from: Parameter, path: string, reading: Reading): unknown[] {
  if (from.value) throw invalid(`Invalid value at '${path}': a list was expected`)
  const element = schema.getValueSchema()
  const step = reading.names.step(schema)
  const numbered = step === undefined ? from : from.children.get(step)
  for (const name of step === undefined ? [] : from.children.keys()) {
    if (name !== step) throw invalid(`Unknown parameter: ${path}.${name}`)
  }
  const items = [...(numbered?.children ?? [])].map(([index, item]) => {
    if (!/^[1-9]\d{0,5}$/.test(index)) throw invalid(`Invalid list index at '${path}': ${index}`)
    return [Number(index), item] as const
  })
  items.sort(([a], [b]) => a - b)
  return items.map(([index, item]) => readValue(element, item, `${path}.${index}.member`, reading))
}

function readSimple(schema: Schema, text: string, path: string): unknown {
  if (schema.isStringSchema()) {
    if (!isSpeakable(text))
      throw invalid(`Invalid value at '${path}': it holds a character that XML can't carry`)
    return text
  }
  if (schema.isBooleanSchema()) {
    if (!/^(true|false)$/i.test(text))
      throw invalid(`Invalid value at '${path}': a boolean must be true or false`)
    return text.toLowerCase() === 'true'
  }
  if (schema.isNumericSchema()) {
    if (!/^-?\d{1,15}(\.\d{1,15})?$/.test(text))
      throw invalid(`Invalid value at '${path}': a number was expected`)
    return Number(text)
  }
  if (schema.isTimestampSchema()) return readTimestamp(text, path)
  throw invalid(`Invalid value at '${path}': ${schema.getName() ?? 'this type'} can't be sent as a parameter`)
}

function readTimestamp(text: string, path: string): Date {
  if (/^\d{1,12}(\.\d{1,9})?$/.test(text)) return new Date(Number(text) * 1000)
  // botocore leaves the offset away when the caller gave none, and means UTC
  const withZone = /(z|[+-]\d\d:\d\d)$/i.test(text) ? text : `${text}Z`
  try {
    const date = parseRfc3339DateTimeWithOffset(withZone)
    if (date) return date
  } catch (cause) {
    throw new ServiceError('ValidationError', `Invalid value at '${path}': not an ISO 8601 time`, 400, {
      cause,
    })
  }
  throw invalid(`Invalid value at '${path}': not an ISO 8601 time`)
}
