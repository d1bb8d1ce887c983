/** A listening socket. */
export interface ListeningSocket {
  address: string
  port: number
}

/** The state LISTEN in the tables of the kernel. */
const LISTEN = '0A'

/** Reads `/proc/net/tcp` and `/proc/net/tcp6` (or both behind each other): the sockets that listen, each once, by port. */
export function parseProcNet(table: string): ListeningSocket[] {
  const found = new Map<string, ListeningSocket>()
  for (const line of table.split('\n')) {
    const match =
      /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /i.exec(line)
    if (match?.[3]?.toUpperCase() !== LISTEN) continue
    const socket = { address: readAddress(match[1] ?? ''), port: Number.parseInt(match[2] ?? '', 16) }
    found.set(`${socket.address} ${socket.port}`, socket)
  }
  return [...found.values()].sort((a, b) => a.port - b.port)
}

/** Each 32 bits of an address are printed as a number of the machine, which is little-endian wherever Docker runs. */
function readAddress(hex: string): string {
  const bytes = [...hex.matchAll(/.{8}/g)].flatMap(([word]) => [...Buffer.from(word, 'hex')].reverse())
  if (bytes.length === 4) return bytes.join('.')
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  if (mapped) return bytes.slice(12).join('.')
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  )
  // The URL parser writes an IPv6 address in its canonical, shortest form.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
