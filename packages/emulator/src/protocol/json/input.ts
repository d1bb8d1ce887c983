import { ServiceError } from '../../services/service.ts'
import { requiredMembers, type Schema } from '../schema.ts'

const malformed = (message: string) => new ServiceError('SerializationException', message)

/**
 * Reads the body of a call into the shape of `schema`; members that the model doesn't know are passed over, as the services do.
 * Throws ServiceError `SerializationException` on a value of the wrong kind, `ValidationException` on a required member that is missing.
 */
export function readJson(schema: Schema, body: Uint8Array): Record<string, unknown> {
  const text = Buffer.from(body).toString('utf8')
  let parsed: unknown
  try {
    parsed = text === '' ? {} : JSON.parse(text)
  } catch (cause) {
    throw new ServiceError('SerializationException', 'The request is not JSON.', 400, { cause })
  }
  if (schema.isUnitSchema()) return {}
  return structureOf(schema, parsed, '')
}

function structureOf(schema: Schema, value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed(`An object was expected at '${path || '/'}'.`)
  const given = value as Record<string, unknown>
  const read: Record<string, unknown> = {}
  for (const [name, member] of schema.structIterator()) {
    const at = path === '' ? name : `${path}.${name}`
    const one = given[member.getMergedTraits().jsonName ?? name] ?? undefined
    if (one !== undefined) read[name] = valueOf(member, one, at)
  }
  const missing = requiredMembers(schema).filter((name) => read[name] === undefined)
  if (missing.length === 0) return read
  const problems = missing.map(
    (name) =>
      `Value null at '${path === '' ? name : `${path}.${name}`}' failed to satisfy constraint: Member must not be null`,
  )
  throw new ServiceError(
    'ValidationException',
    `${missing.length} validation error${missing.length > 1 ? 's' : ''} detected: ${problems.join('; ')}`,
  )
}

function valueOf(schema: Schema, value: unknown, path: string): unknown {
  if (schema.isStructSchema()) return structureOf(schema, value, path)
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw malformed(`A list was expected at '${path}'.`)
    return value.map((item, index) => valueOf(schema.getValueSchema(), item, `${path}.${index + 1}`))
  }
  if (schema.isMapSchema()) {
    if (typeof value !== 'object' || Array.isArray(value)) throw malformed(`A map was expected at '${path}'.`)
    const entries = Object.entries(value as object)
    return Object.fromEntries(
      entries.map(([key, item]) => [key, valueOf(schema.getValueSchema(), item, `${path}.${key}`)]),
    )
  }
  return simpleOf(schema, value, path)
}

function simpleOf(schema: Schema, value: unknown, path: string): unknown {
  if (schema.isTimestampSchema()) return new Date(numberAt(value, path) * 1000)
  if (schema.isNumericSchema()) return numberAt(value, path)
  if (schema.isBooleanSchema()) {
    if (typeof value !== 'boolean') throw malformed(`A boolean was expected at '${path}'.`)
    return value
  }
  if (schema.isStringSchema()) {
    if (typeof value !== 'string') throw malformed(`A string was expected at '${path}'.`)
    return value
  }
  return value
}

function numberAt(value: unknown, path: string): number {
  if (typeof value !== 'number') throw malformed(`A number was expected at '${path}'.`)
  return value
}
