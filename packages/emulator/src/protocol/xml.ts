import { XmlCodec, XmlShapeDeserializer } from '@aws-sdk/core/protocols'
import type { Schema } from './schema.ts'

/** ISO 8601 unless the model says otherwise: what both XML protocols of AWS do in a body. */
const ISO_8601 = 5

const settings = (xmlNamespace?: string) => ({
  timestampFormat: { useTrait: true, default: ISO_8601 as 5 },
  httpBindings: false,
  xmlNamespace: xmlNamespace ?? '',
  serviceNamespace: '',
})

/** What XML 1.0 can't carry, not even escaped: most control characters, lone surrogates, U+FFFE and U+FFFF. */
const UNSPEAKABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u
const EVERY_UNSPEAKABLE = new RegExp(UNSPEAKABLE, 'gu')

/** Tells whether an XML document can hold the text. */
export const isSpeakable = (text: string): boolean => !UNSPEAKABLE.test(text)

/**
 * Writes a structure as an XML document, named as its schema is. Characters that XML can't carry become U+FFFD:
 * a build's log may hold any byte, and one such character would make the whole answer unreadable.
 */
export function writeXml(schema: Schema, value: object, xmlNamespace?: string): string {
  const serializer = new XmlCodec(settings(xmlNamespace)).createSerializer()
  serializer.write(schema, value)
  const body = (serializer.flush() as string).replace(EVERY_UNSPEAKABLE, '\uFFFD')
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}`
}

/** Reads an XML document into the shape of `schema`. Throws when it isn't well-formed. */
export function readXml(schema: Schema, document: Uint8Array): unknown {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(document)
  return new XmlShapeDeserializer(settings()).read(schema, Buffer.from(text))
}
