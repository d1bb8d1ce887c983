import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readContextFile } from '../../../runtime/context-file.ts'
import { PLATFORM_PROXY, type ProxySettings } from '../../../runtime/front.ts'

/** What a bundle's files ask of the platform's nginx. */
export interface NginxConfiguration {
  /** The platform's, and over them what the bundle says. */
  settings: ProxySettings
  /** What holds here, as it was written, and where: `client_max_body_size 50m`. */
  honoured: { file: string; text: string }[]
  /** What doesn't: the names of its directives. */
  ignored: { file: string; text: string }[]
}

/** Directories of which nginx includes each `*.conf`: the first in its `http` block, the second in its `server` block, which counts more. */
const DIRECTORIES = ['.platform/nginx/conf.d', '.platform/nginx/conf.d/elasticbeanstalk']

const SECONDS: Record<string, number> = {
  '': 1,
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
  M: 2_592_000,
  y: 31_536_000,
}
const BYTES: Record<string, number> = { '': 1, k: 1_024, m: 1_048_576, g: 1_073_741_824 }

const DIRECTIVES: Record<string, { setting: keyof ProxySettings; read(value: string): number | undefined }> =
  {
    client_max_body_size: { setting: 'maxBodyBytes', read: bytesOf },
    proxy_connect_timeout: { setting: 'connectTimeoutMs', read: millisecondsOf },
    proxy_read_timeout: { setting: 'readTimeoutMs', read: millisecondsOf },
    proxy_send_timeout: { setting: 'sendTimeoutMs', read: millisecondsOf },
  }

/** Reads the files of a bundle's directory that nginx would include. */
export async function readNginxConfiguration(sourceDir: string): Promise<NginxConfiguration> {
  const found: NginxConfiguration = { settings: PLATFORM_PROXY, honoured: [], ignored: [] }
  for (const directory of DIRECTORIES) {
    const seen = new Set<string>()
    for (const file of await configurationFiles(sourceDir, directory)) {
      const read = await readContextFile(sourceDir, file)
      // A directory that is a link may lead out of the bundle.
      if (read.kind !== 'file') continue
      for (const words of statementsOf(read.text)) take(found, seen, file, words)
    }
  }
  return found
}

/** In the order in which nginx reads them. */
async function configurationFiles(sourceDir: string, directory: string): Promise<string[]> {
  try {
    const entries = await readdir(join(sourceDir, directory), { withFileTypes: true })
    const names = entries
      .filter((entry) => entry.isFile() && /^[^.].*\.conf$/.test(entry.name))
      .map(({ name }) => name)
    return names.sort().map((name) => `${directory}/${name}`)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  }
}

/** nginx takes no directive twice in one block. */
function take(
  found: NginxConfiguration,
  seen: Set<string>,
  file: string,
  [name = '', ...values]: string[],
): void {
  const known = Object.hasOwn(DIRECTIVES, name) ? DIRECTIVES[name] : undefined
  const value = values.length === 1 ? known?.read(values[0]!) : undefined
  if (known === undefined || value === undefined || seen.has(name)) {
    found.ignored.push({ file, text: known === undefined ? name : [name, ...values].join(' ') })
    return
  }
  seen.add(name)
  found.settings = { ...found.settings, [known.setting]: value }
  found.honoured.push({ file, text: `${name} ${values[0]}` })
}

/** The words of each statement outside of blocks; a block is what stands before its brace. */
export function statementsOf(text: string): string[][] {
  const statements: string[][] = []
  let words: string[] = []
  let depth = 0
  for (const [token] of text.matchAll(/#[^\n]*|"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|[{};]|[^\s{};]+/g)) {
    if (token.startsWith('#')) continue
    if (token === '}') depth = Math.max(0, depth - 1)
    if (token === '{' || token === ';') {
      if (depth === 0 && words.length > 0) statements.push(words)
      words = []
      if (token === '{') depth++
    } else if (token !== '}' && depth === 0) words.push(unquoted(token))
  }
  return words.length > 0 ? [...statements, words] : statements
}

const unquoted = (token: string) => (/^(["']).*\1$/s.test(token) ? token.slice(1, -1) : token)

/** `1m`, `512k`, `2g`, `1000`. */
function bytesOf(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,12})([kmg]?)$/i.exec(text) ?? []
  return number === undefined ? undefined : Number(number) * (BYTES[unit.toLowerCase()] ?? 1)
}

/** `90`, `90s`, `1m30s`, `500ms`. */
function millisecondsOf(text: string): number | undefined {
  if (!/^(?:\d{1,9}(?:ms|[smhdwMy]))*(?:\d{1,9})?$/.test(text) || text === '') return undefined
  const parts = [...text.matchAll(/(\d+)(ms|[smhdwMy]?)/g)]
  return parts.reduce(
    (sum, [, number, unit = '']) => sum + Number(number) * (unit === 'ms' ? 1 : SECONDS[unit]! * 1_000),
    0,
  )
}
