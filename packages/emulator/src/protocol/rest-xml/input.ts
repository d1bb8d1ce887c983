import { FromStringShapeDeserializer } from '@smithy/core/protocols'
import type { Schema } from '../schema.ts'
import { readXml } from '../xml.ts'

/** Where a REST operation's input comes from, apart from its body. */
export interface Bound {
  /** By the names in the path template, decoded. */
  labels: Record<string, string | undefined>
  query: URLSearchParams
  /** Names in lower case. */
  headers: Record<string, string>
}

/** A value that can't be read as what the model says it is. */
export class UnreadableInput extends Error {
  override readonly name = 'UnreadableInput'
  /** The parameter's or header's name; `undefined` is the body. */
  readonly where: string | undefined
  constructor(where: string | undefined, options?: ErrorOptions) {
    super(where === undefined ? 'the body is not well-formed' : `${where} can't be read`, options)
    this.where = where
  }
}

/** HTTP dates in headers, ISO 8601 elsewhere: what REST services do unless the model says otherwise. */
const strings = new FromStringShapeDeserializer({
  timestampFormat: { useTrait: true, default: 5 },
  httpBindings: true,
})

/** Reads labels, query parameters and headers into an input. The body is read apart: it may be a stream. Throws {@link UnreadableInput}. */
export function readBound(schema: Schema, bound: Bound): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const [name, member] of schema.structIterator()) {
    const { httpLabel, httpQuery, httpHeader, httpPrefixHeaders } = member.getMergedTraits()
    if (httpLabel) input[name] = bound.labels[name]
    else if (httpQuery) input[name] = readText(member, bound.query.get(httpQuery), httpQuery)
    else if (httpHeader) input[name] = readText(member, bound.headers[httpHeader.toLowerCase()], httpHeader)
    else if (httpPrefixHeaders) input[name] = prefixed(bound.headers, httpPrefixHeaders.toLowerCase())
  }
  return input
}

function readText(member: Schema, text: string | null | undefined, where: string): unknown {
  if (text === null || text === undefined) return undefined
  try {
    const value: unknown = strings.read(member, text)
    if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${text} is not a number`)
    return value
  } catch (cause) {
    throw new UnreadableInput(where, { cause })
  }
}

function prefixed(headers: Record<string, string>, prefix: string): Record<string, string> {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]))
}

/** The member that is the request's body, if the input has one. */
export function payloadMember(schema: Schema): { name: string; member: Schema } | undefined {
  if (!schema.isStructSchema()) return undefined
  for (const [name, member] of schema.structIterator())
    if (member.getMergedTraits().httpPayload) return { name, member }
  return undefined
}

/** Reads a body that is a document, or text. Throws {@link UnreadableInput}. */
export function readPayload(member: Schema, body: Buffer): unknown {
  if (body.length === 0) return undefined
  try {
    return member.isStringSchema()
      ? new TextDecoder('utf-8', { fatal: true }).decode(body)
      : readXml(member, body)
  } catch (cause) {
    throw new UnreadableInput(undefined, { cause })
  }
}
