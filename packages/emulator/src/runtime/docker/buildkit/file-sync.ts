import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { createReadStream } from 'node:fs'
import { lstat, readlink } from 'node:fs/promises'
import type { ServerHttp2Stream } from 'node:http2'
import { messages, send } from './grpc.ts'

/** The kinds of packet of `fsutil.types.Packet`. */
const STAT = 0
const REQ = 1
const DATA = 2
const FIN = 3
const ERR = 4

/** Bits of Go's file mode that stand elsewhere than in a Unix mode. */
const GO_DIRECTORY = 2 ** 31
const GO_SYMLINK = 2 ** 27
const GO_SETUID = 2 ** 23
const GO_SETGID = 2 ** 22
const GO_STICKY = 2 ** 20

/**
 * Answers `moby.filesync.v1.FileSync/DiffCopy`: tells the builder of each path, in the order that it demands, and sends the contents that it asks
 * for by the paths' numbers in that order. All belongs to root, as whatever `docker build` sends. Rejects when the builder reports a problem, and
 * when something can't be read.
 *
 * @param files paths of files, directories and links with forward slashes, and their places on this machine; the directories above each must be among them
 */
export async function sendFiles(
  stream: ServerHttp2Stream,
  files: ReadonlyMap<string, string>,
  gone: AbortSignal,
): Promise<void> {
  const ordered = inOrder([...files.keys()])
  // The builder asks for contents while it still hears of paths; both go out side by side, and each packet is whole.
  const told = tellPaths(stream, files, ordered, gone)
  let sending: Promise<void> = Promise.resolve()
  await new Promise<void>((resolve, reject) => {
    const answerAll = async () => {
      // Its end is ours to say, after the last packet has been answered.
      for await (const message of messages(stream.iterator({ destroyOnReturn: false }))) {
        const { type, id, data } = readPacket(message)
        if (type === FIN) return
        if (type === ERR) throw new Error(`The builder could not take the context: ${data.toString()}`)
        const place = files.get(ordered[id] ?? '')
        if (type === REQ && place !== undefined) {
          sending = sending.then(() => sendFile(stream, place, id, gone))
          sending.catch(reject)
        }
      }
    }
    // What can't be read ends the call: the builder would wait for it.
    told.catch(reject)
    answerAll().then(resolve, reject)
  })
  await told
  await sending
  await send(stream, packet(FIN), gone)
}

/** By name, directory by directory: a directory stands before what is in it, and that before all other names. */
export function inOrder(paths: readonly string[]): string[] {
  const key = (path: string) => Buffer.from(path.replaceAll('/', '\0'))
  return paths
    .map((path) => ({ path, key: key(path) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ path }) => path)
}

async function tellPaths(
  stream: ServerHttp2Stream,
  files: ReadonlyMap<string, string>,
  ordered: readonly string[],
  gone: AbortSignal,
): Promise<void> {
  for (const path of ordered) await send(stream, await statPacket(path, files.get(path) ?? path), gone)
  // One without a path says that these were all.
  await send(stream, packet(STAT), gone)
}

async function statPacket(path: string, place: string): Promise<Uint8Array> {
  const stat = await lstat(place)
  const writer = new BinaryWriter()
    .tag(1, WireType.Varint)
    .uint32(STAT)
    .tag(2, WireType.LengthDelimited)
    .fork()
  writer.tag(1, WireType.LengthDelimited).string(path)
  writer.tag(2, WireType.Varint).uint32(goMode(stat))
  if (stat.isFile()) writer.tag(5, WireType.Varint).int64(stat.size)
  writer.tag(6, WireType.Varint).int64(BigInt(Math.trunc(stat.mtimeMs)) * 1_000_000n)
  if (stat.isSymbolicLink()) writer.tag(7, WireType.LengthDelimited).string(await readlink(place))
  return writer.join().finish()
}

function goMode(stat: { mode: number; isDirectory(): boolean; isSymbolicLink(): boolean }): number {
  return (
    (stat.mode & 0o777) +
    (stat.isDirectory() ? GO_DIRECTORY : 0) +
    (stat.isSymbolicLink() ? GO_SYMLINK : 0) +
    (stat.mode & 0o4000 ? GO_SETUID : 0) +
    (stat.mode & 0o2000 ? GO_SETGID : 0) +
    (stat.mode & 0o1000 ? GO_STICKY : 0)
  )
}

async function sendFile(
  stream: ServerHttp2Stream,
  place: string,
  id: number,
  gone: AbortSignal,
): Promise<void> {
  for await (const chunk of createReadStream(place, { highWaterMark: 32 * 1024 })) {
    await send(stream, packet(DATA, id, chunk as Buffer), gone)
  }
  // One without data says that this was all of the file.
  await send(stream, packet(DATA, id), gone)
}

function packet(type: number, id = 0, data?: Buffer): Uint8Array {
  const writer = new BinaryWriter().tag(1, WireType.Varint).uint32(type)
  if (id !== 0) writer.tag(3, WireType.Varint).uint32(id)
  if (data) writer.tag(4, WireType.LengthDelimited).bytes(data)
  return writer.finish()
}

function readPacket(message: Uint8Array): { type: number; id: number; data: Buffer } {
  const reader = new BinaryReader(message)
  const read = { type: STAT, id: 0, data: Buffer.alloc(0) as Buffer }
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    if (field === 1) read.type = reader.uint32()
    else if (field === 3) read.id = reader.uint32()
    else if (field === 4) read.data = Buffer.from(reader.bytes())
    else reader.skip(wireType, field)
  }
  return read
}
