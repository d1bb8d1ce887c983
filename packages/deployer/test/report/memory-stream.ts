import { PassThrough } from 'node:stream'
import { Scrubber } from '../../src/report/scrub.ts'
import { TextStream } from '../../src/report/text-stream.ts'

/** A stream of the reporter's that keeps what is written. */
export function memoryStream({ isTTY = false, scrubber = new Scrubber() } = {}) {
  const sink = Object.assign(new PassThrough(), {
    isTTY,
    columns: 80,
    rows: 24,
  }) as unknown as NodeJS.WriteStream
  let written = ''
  sink.on('data', (chunk: Buffer) => {
    written += chunk.toString()
  })
  return { stream: new TextStream(sink, scrubber), text: () => written, sink }
}
