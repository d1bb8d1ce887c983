import fc from 'fast-check'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { followOutput } from '../../../src/runtime/docker/build-output.ts'
import { payloads } from '../../../src/runtime/docker/frames.ts'

/** Cuts bytes into chunks of the given lengths, in turn. */
function cut(bytes: Buffer, lengths: number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1
    chunks.push(bytes.subarray(at, at + length))
    at += length
  }
  return chunks
}

const lengths = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 })

test('frames give the bytes that were written, wherever the transport cuts them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array()), lengths, async (written, sizes) => {
      const framed = written.map((payload, index) => {
        const header = Buffer.alloc(8)
        header.writeUInt8(1 + (index % 2), 0)
        header.writeUInt32BE(payload.length, 4)
        return Buffer.concat([header, payload])
      })
      const received: Buffer[] = []
      for await (const payload of payloads(Readable.from(cut(Buffer.concat(framed), sizes))))
        received.push(payload)
      expect(Buffer.concat(received)).toEqual(Buffer.concat(written))
    }),
  )
})

test('the output of a build is told line by line, without colours and progress bars, and its error is answered', async () => {
  const messages = [
    { stream: 'Step 1/2 : FROM node\n' },
    { status: 'Downloading', id: 'abc', progress: '[=> ]' },
    { status: 'Pull complete', id: 'abc' },
    { stream: 'one ' },
    { stream: 'line\n\u001b[91mred\n\u001b[0m' },
    { errorDetail: { code: 1, message: 'The command failed' }, error: 'The command failed' },
  ]
  const text = messages.map((message) => `${JSON.stringify(message)}\r\n`).join('')
  const lines: string[] = []
  const failure = await followOutput(Readable.from(cut(Buffer.from(text), [7])), (line) => lines.push(line))
  expect(lines).toEqual(['Step 1/2 : FROM node', 'abc: Pull complete', 'one line', 'red'])
  expect(failure).toBe('The command failed')
})
