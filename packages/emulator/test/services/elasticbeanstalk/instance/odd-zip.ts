import { crc32 } from 'node:zlib'

export interface OddEntry {
  /** Text, or bytes where the name is no UTF-8. */
  name: string | Buffer
  data?: string
  /** Unix: type and permissions; goes into the upper half of the attributes. */
  mode?: number
  /** The lower half: 1 read-only, 16 directory. */
  dos?: number
  /** 0 DOS and Windows, 3 Unix (unless it is given), 10 NTFS, 19 macOS. */
  made?: number
  /** What the zip claims. */
  crc?: number
}

/** Writes a zip of stored entries as no well-behaved program does: nothing is checked. */
export function oddZip(entries: readonly OddEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const { data = '', mode = 0, dos = 0, made = 3 } = entry
    const name = Buffer.from(entry.name)
    const content = Buffer.from(data)
    const flag = typeof entry.name === 'string' ? 0x800 : 0
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(flag, 2)
    common.writeUInt32LE(entry.crc ?? crc32(content), 10)
    common.writeUInt32LE(content.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(name.length, 22)
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, name, content)
    // Comment length, disk and internal attributes stay 0.
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(((mode << 16) | dos) >>> 0, 6)
    rest.writeUInt32LE(offset, 10)
    directory.push(Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([30, made]), common, rest, name)
    offset += 30 + name.length + content.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(listed.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, listed, Buffer.from('PK\x05\x06', 'latin1'), end])
}
