import { NormalizedSchema } from '@smithy/core/schema'

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0]

/** A shape of the service's model, as the AWS SDK packages export it. */
export type Schema = NormalizedSchema

/** An operation of the service's model. */
export interface Operation {
  name: string
  input: Schema
  output: Schema
  /** Method, path template and success status of a REST operation; absent in the query protocol. */
  http?: { method: string; path: string; status: number }
}

/** The SDK's static form: kind 9, namespace, name, traits, input, output. */
type StaticOperation = readonly [9, string, string, unknown, SchemaRef, SchemaRef]

const isOperation = (value: unknown): value is StaticOperation =>
  Array.isArray(value) && value[0] === 9 && typeof value[2] === 'string'

/** The operation schemas among what an SDK client package exports (`CreateBucket$`, …), by the operation's name. */
export function operationSchemas(sdk: object): Record<string, unknown> {
  const operations = Object.values(sdk).filter(isOperation)
  return Object.fromEntries(operations.map((operation) => [operation[2], operation]))
}

/** Reads one exported operation schema. */
export function operationOf(schema: unknown): Operation {
  if (!isOperation(schema)) throw new TypeError('not an operation schema of the AWS SDK')
  const [, , name, traits, input, output] = schema
  const http = (traits as { http?: [string, string, number] } | 0 | null | undefined) || undefined
  const operation: Operation = {
    name,
    input: NormalizedSchema.of(input),
    output: NormalizedSchema.of(output),
  }
  if (http?.http) operation.http = { method: http.http[0], path: http.http[1], status: http.http[2] }
  return operation
}

/** The names of the members that a caller must send: the SDK lists them first and says how many they are. */
export function requiredMembers(structure: Schema): string[] {
  const parts = structure.getSchema() as readonly unknown[]
  const members = parts[4] as string[]
  return members.slice(0, (parts[6] as number | undefined) ?? 0)
}

/** A structure that is in no model, such as the envelope around an answer: members by name, in their order. */
export function structure(name: string, members: Record<string, Schema | number>): Schema {
  // as they are exported, not normalized: a normalized member would keep its own name instead of taking the one given here
  const refs = Object.values(members).map((member) =>
    typeof member === 'number' ? member : member.getSchema(),
  )
  return NormalizedSchema.of([3, 'lucree', name, 0, Object.keys(members), refs] as unknown as SchemaRef)
}

/** The SDK's number for a plain string. */
export const STRING = 0

/** A structure's members under another name, and more members before them. */
export function extended(name: string, base: Schema, members: Record<string, Schema | number>): Schema {
  const own = structure(name, members).getSchema() as readonly unknown[]
  const parts = base.getSchema() as readonly unknown[]
  const names = [...(own[4] as string[]), ...(parts[4] as string[])]
  const refs = [...(own[5] as unknown[]), ...(parts[5] as unknown[])]
  return NormalizedSchema.of([3, 'lucree', name, 0, names, refs] as unknown as SchemaRef)
}
