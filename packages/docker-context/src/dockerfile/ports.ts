/** A port that BuildKit refuses; the message is its own. */
export class PortError extends Error {}

/**
 * The ports that one word of EXPOSE names, as an engine has them: `8080/tcp`. `8080:80` is 80, a range is each of its ports.
 * Throws {@link PortError}.
 */
export function readPorts(word: string): string[] {
  const parts = word.split(':')
  const [written = '', protocol = 'tcp'] = divide(parts.at(-1) ?? '')
  const hostPort = parts.at(-2) ?? ''
  checkAddress(parts.slice(0, -2).join(':'))
  if (written === '') throw new PortError(`No port specified: ${word}<empty>`)
  const port = readRange(written)
  if (!port) throw new PortError(`Invalid containerPort: ${written}`)
  const [first, last] = port
  if (hostPort !== '') {
    const host = readRange(hostPort)
    if (!host) throw new PortError(`Invalid hostPort: ${hostPort}`)
    if (last - first !== host[1] - host[0] && last !== first) {
      throw new PortError(`Invalid ranges specified for container and host Ports: ${written} and ${hostPort}`)
    }
  }
  if (!/^(tcp|udp|sctp)$/i.test(protocol)) throw new PortError(`Invalid proto: ${protocol}`)
  return Array.from({ length: last - first + 1 }, (_, at) => `${first + at}/${protocol.toLowerCase()}`)
}

/** Port and protocol. Without a port there is no protocol either. */
function divide(text: string): [port?: string, protocol?: string] {
  const parts = text.split('/')
  if (parts[0] === '') return []
  return parts[1] === undefined || parts[1] === '' ? [parts[0]] : [parts[0], parts[1]]
}

/** What follows a second hyphen counts for nothing. */
function readRange(text: string): [first: number, last: number] | undefined {
  const [from = '', to = from] = text.split('-')
  const [first, last] = [readPort(from), readPort(to)]
  return first === undefined || last === undefined || last < first ? undefined : [first, last]
}

function readPort(text: string): number | undefined {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN
  return port <= 65_535 ? port : undefined
}

function checkAddress(text: string): void {
  if (text === '') return
  const bare = /^\[(.*)\]$/.exec(text)?.[1] ?? text
  if (bare === text && text.includes(':')) {
    const why = text.startsWith('[') && !text.includes(']') ? "missing ']'" : 'too many colons'
    throw new PortError(`Invalid ip address ${text}: address ${text}:: ${why} in address`)
  }
  const isAddress = bare.includes(':') ? /^[0-9a-fA-F:.]+$/.test(bare) : isIpv4(bare)
  if (!isAddress) throw new PortError(`Invalid ip address: ${bare}`)
}

const isIpv4 = (text: string): boolean =>
  text.split('.').length === 4 &&
  text.split('.').every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
