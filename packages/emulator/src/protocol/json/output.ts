import { JsonCodec } from '@aws-sdk/core/protocols'
import type { Schema } from '../schema.ts'

/** Seconds since 1970, unless the model says otherwise. */
const EPOCH_SECONDS = 7

/** Writes a structure as JSON in the shape of `schema`. */
export function writeJson(schema: Schema, value: object): string {
  const serializer = new JsonCodec({
    timestampFormat: { useTrait: true, default: EPOCH_SECONDS },
    jsonName: true,
  }).createSerializer()
  serializer.write(schema, value)
  return serializer.flush()
}
