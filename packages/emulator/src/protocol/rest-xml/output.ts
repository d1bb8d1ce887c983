import { Readable } from 'node:stream'
import { ToStringShapeSerializer } from '@smithy/core/protocols'
import type { Answer } from '../../http/answer.ts'
import type { Operation, Schema } from '../schema.ts'
import { writeXml } from '../xml.ts'

const strings = () =>
  new ToStringShapeSerializer({ timestampFormat: { useTrait: true, default: 5 }, httpBindings: true })

/** Writes an operation's output: members go to headers or the body as the model binds them. */
export function writeOutput(
  operation: Operation,
  output: Record<string, unknown>,
  xmlNamespace: string,
): Pick<Answer, 'headers' | 'body'> {
  const headers: Record<string, string> = {}
  let body: Answer['body']
  let document = false
  if (operation.output.isStructSchema()) {
    for (const [name, member] of operation.output.structIterator()) {
      const { httpHeader, httpPrefixHeaders, httpPayload, httpResponseCode } = member.getMergedTraits()
      const value = output[name]
      if (!httpHeader && !httpPrefixHeaders && !httpPayload && !httpResponseCode) document = true
      if (value === undefined || value === null) continue
      if (httpHeader) headers[httpHeader.toLowerCase()] = asHeader(member, value)
      else if (httpPrefixHeaders)
        Object.assign(headers, withPrefix(httpPrefixHeaders, value as Record<string, string>))
      else if (httpPayload) body = asPayload(member, value, xmlNamespace)
    }
  }
  if (!document || body !== undefined) return body === undefined ? { headers } : { headers, body }
  const xml = writeXml(operation.output, inBody(operation.output, output), xmlNamespace)
  return { headers: { 'content-type': 'application/xml', ...headers }, body: xml }
}

function asHeader(member: Schema, value: unknown): string {
  const serializer = strings()
  serializer.write(member, value)
  return serializer.flush()
}

const withPrefix = (prefix: string, values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`.toLowerCase(), value]))

function asPayload(member: Schema, value: unknown, xmlNamespace: string): Answer['body'] {
  if (value instanceof Readable || typeof value === 'string') return value
  return writeXml(member, value as object, xmlNamespace)
}

/** The members that are elements of the document: the XML writer would write those of the headers too. */
function inBody(schema: Schema, output: Record<string, unknown>): Record<string, unknown> {
  const elements: Record<string, unknown> = {}
  for (const [name, member] of schema.structIterator()) {
    const { httpHeader, httpPrefixHeaders, httpResponseCode } = member.getMergedTraits()
    if (!httpHeader && !httpPrefixHeaders && !httpResponseCode) elements[name] = output[name]
  }
  return elements
}
