import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { PassThrough, pipeline, type Readable } from 'node:stream'
import * as zlib from 'node:zlib'
import bzip2 from 'unbzip2-stream'

/** How files begin that the engine decompresses, in hexadecimal. */
const BEGINNINGS = {
  gzip: '1f8b08',
  bzip2: '425a68',
  xz: 'fd377a585a00',
  zstd: '28b52ffd',
} as const

/** Newer than the oldest Node that this runs on. */
const { createZstdDecompress } = zlib as { createZstdDecompress?: () => NodeJS.ReadWriteStream }

/**
 * A file's content, decompressed when it begins as gzip, bzip2, xz or zstd do, whatever its name is. xz needs this machine's `xz`, as the
 * engine does, and zstd its `zstd` on a Node older than 22.15. The stream fails when the content is damaged or the program is missing.
 */
export async function readDecompressed(path: string): Promise<Readable> {
  const beginning = await beginningOf(path)
  const raw = createReadStream(path)
  if (beginning.startsWith(BEGINNINGS.gzip)) return through(raw, zlib.createGunzip())
  if (beginning.startsWith(BEGINNINGS.bzip2)) return through(raw, bzip2())
  if (beginning.startsWith(BEGINNINGS.xz)) return throughProgram(raw, 'xz')
  if (!beginning.startsWith(BEGINNINGS.zstd)) return raw
  return createZstdDecompress ? through(raw, createZstdDecompress()) : throughProgram(raw, 'zstd')
}

async function beginningOf(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(6), 0, 6, 0)
    return buffer.toString('hex', 0, bytesRead)
  } finally {
    await file.close()
  }
}

function through(raw: Readable, decompressor: NodeJS.ReadWriteStream): Readable {
  // An error on the way reaches the reader through the last stream; here is nobody else to tell.
  return pipeline(raw, decompressor, new PassThrough(), () => undefined)
}

function throughProgram(raw: Readable, program: string): Readable {
  const child = spawn(program, ['-d', '-c', '-q'], { stdio: ['pipe', 'pipe', 'ignore'] })
  const output = new PassThrough()
  // The program may end before it has read everything; its exit code tells whether that is wrong.
  pipeline(raw, child.stdin, () => undefined)
  child.stdout.pipe(output, { end: false })
  child.once('error', (error) => output.destroy(error))
  child.once('close', (code) => {
    if (code === 0) output.end()
    else output.destroy(new Error(`${program}: exit code ${code ?? 'unknown'}`))
  })
  output.once('close', () => {
    raw.destroy()
    child.kill()
  })
  return output
}
