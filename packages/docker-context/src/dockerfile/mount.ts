import { goQuote } from './go-quote.ts'
import { suggestion } from './suggestion.ts'

/** One `--mount` of RUN, expanded; a field is undefined when it depends on something unknown, empty when it isn't there. */
export interface Mount {
  /** `bind`, `cache`, `tmpfs`, `secret` or `ssh`. */
  type: string | undefined
  /** A stage or an image; never expanded. */
  from: string
  source: string | undefined
  target: string | undefined
  /** Of a cache, a secret or an agent; empty when it isn't given. */
  id: string
  readOnly: boolean
  required: boolean
}

/** A mount that BuildKit refuses; the message is its own. */
export class MountError extends Error {}

const TYPES = ['bind', 'cache', 'tmpfs', 'secret', 'ssh']
const SHARING = ['shared', 'private', 'locked']
const KEYS =
  'type from source target readonly id sharing required mode uid gid src dst ro rw readwrite'.split(' ')

/** What BuildKit says before it knows any variable; undefined when nothing. */
export function checkMountsBefore(mounts: readonly string[]): string | undefined {
  for (const mount of mounts) {
    const fields = splitFields(mount)
    if (typeof fields === 'string') return `failed to parse csv mounts: ${fields}`
    for (const { key, value } of fields) {
      if (key === 'from' && value !== undefined && /\$./.test(value)) {
        return "'from' doesn't support variable expansion, define alias stage instead"
      }
    }
  }
  return undefined
}

/** The stages and images that a RUN's mounts name, as written. */
export function mountSources(mounts: readonly string[]): string[] {
  return mounts.map((mount) => {
    const fields = splitFields(mount)
    if (typeof fields === 'string') return ''
    return fields.findLast(({ key }) => key === 'from')?.value ?? ''
  })
}

interface Field {
  key: string
  value: string | undefined
  written: string
}

/** The comma-separated fields; a text is what Go's CSV reader says against them. */
function splitFields(mount: string): Field[] | string {
  const texts = readCsvLine(mount)
  if (typeof texts === 'string') return texts
  return texts.map((written) => {
    const at = written.indexOf('=')
    if (at < 0) return { key: written.toLowerCase(), value: undefined, written }
    return { key: written.slice(0, at).toLowerCase(), value: written.slice(at + 1), written }
  })
}

function readCsvLine(line: string): string[] | string {
  if (line === '') return 'EOF'
  const fields: string[] = []
  let at = 0
  for (;;) {
    if (line.charAt(at) !== '"') {
      const comma = line.indexOf(',', at)
      const field = line.slice(at, comma < 0 ? undefined : comma)
      const quote = field.indexOf('"')
      if (quote >= 0) return `parse error on line 1, column ${at + quote + 1}: bare " in non-quoted field`
      fields.push(field)
      if (comma < 0) return fields
      at = comma + 1
      continue
    }
    let field = ''
    for (at++; ; at++) {
      if (at >= line.length)
        return `parse error on line 1, column ${at + 1}: extraneous or missing " in quoted-field`
      if (line.charAt(at) !== '"') field += line.charAt(at)
      else if (line.charAt(at + 1) === '"') field += line.charAt(++at)
      else break
    }
    fields.push(field)
    if (++at >= line.length) return fields
    if (line.charAt(at) !== ',') {
      return `parse error on line 1, column ${at}: extraneous or missing " in quoted-field`
    }
    at++
  }
}

/** Reads a mount with its values expanded. Throws {@link MountError}, and what `expand` throws. */
export function readMount(text: string, expand: (text: string) => string | undefined): Mount {
  const fields = splitFields(text)
  if (typeof fields === 'string') throw new MountError(`failed to parse csv mounts: ${fields}`)
  const mount: Mount = {
    type: 'bind',
    from: '',
    source: '',
    target: '',
    id: '',
    readOnly: false,
    required: false,
  }
  const told = new Map<string, string | undefined>()
  for (const { key, value, written } of fields) {
    if (value === undefined) readBareKey(mount, told, key, written)
    else readPair(mount, told, key, key === 'from' ? value : expand(value), written)
  }
  checkTogether(mount, told)
  mount.readOnly = told.has('readonly')
    ? told.get('readonly') === 'true'
    : !/^(cache|tmpfs)$/.test(mount.type ?? '')
  return mount
}

type Told = Map<string, string | undefined>

function readBareKey(mount: Mount, told: Told, key: string, written: string): void {
  if (key === 'readonly' || key === 'ro') told.set('readonly', 'true')
  else if (key === 'readwrite' || key === 'rw') told.set('readonly', 'false')
  else if (key === 'required') {
    onlyFor(mount, key, 'secret', 'ssh')
    mount.required = true
  } else throw new MountError(`invalid field '${written}' must be a key=value pair`)
}

function onlyFor({ type }: Mount, key: string, ...types: string[]): void {
  if (type !== undefined && !types.includes(type)) {
    throw new MountError(`unexpected key '${key}' for mount type '${type}'`)
  }
}

function readPair(mount: Mount, told: Told, key: string, value: string | undefined, written: string): void {
  switch (key) {
    case 'type':
      if (value !== undefined && !TYPES.includes(value.toLowerCase())) {
        throw new MountError(`unsupported mount type ${goQuote(value)}${suggestion(value, TYPES, true)}`)
      }
      mount.type = value?.toLowerCase()
      break
    case 'from':
      mount.from = value ?? ''
      break
    case 'source':
    case 'src':
      mount.source = value
      break
    case 'target':
    case 'dst':
    case 'destination':
      mount.target = value
      break
    case 'readonly':
    case 'ro':
      told.set('readonly', truth(key, value))
      break
    case 'readwrite':
    case 'rw':
      told.set('readonly', truth(key, value) === 'true' ? 'false' : 'true')
      break
    case 'required':
      onlyFor(mount, key, 'secret', 'ssh')
      mount.required = truth(key, value) === 'true'
      break
    case 'size':
      onlyFor(mount, key, 'tmpfs')
      if (value !== undefined && !/^\d+(\.\d+)* ?([kKmMgGtTpP])?[iI]?[bB]?$/.test(value)) {
        throw new MountError(`invalid value for size: ${value}`)
      }
      break
    case 'id':
      told.set('id', value)
      mount.id = value ?? ''
      break
    case 'sharing':
      if (value !== undefined && !SHARING.includes(value.toLowerCase())) {
        throw new MountError(`unsupported sharing value ${goQuote(value)}${suggestion(value, SHARING, true)}`)
      }
      told.set('sharing', value)
      break
    case 'mode':
    case 'uid':
    case 'gid':
      if (value !== undefined && !(key === 'mode' ? /^[0-7]+$/ : /^\d+$/).test(value)) {
        throw new MountError(`invalid value ${value} for ${key}`)
      }
      told.set(key, value)
      break
    default:
      throw new MountError(`unexpected key '${key}' in '${written}'${suggestion(key, KEYS, true)}`)
  }
}

function truth(key: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  if (/^(1|t|T|TRUE|true|True)$/.test(value)) return 'true'
  if (/^(0|f|F|FALSE|false|False)$/.test(value)) return 'false'
  throw new MountError(`invalid value for ${key}: ${value}`)
}

function checkTogether({ type, from, source, target }: Mount, told: Told): void {
  if (type === undefined) return
  if (type === 'bind' || type === 'tmpfs') {
    for (const key of ['mode', 'uid', 'gid']) {
      if (told.has(key)) throw new MountError(`${key} not allowed for "${type}" type mounts`)
    }
  }
  const hasSharing = told.has('sharing')
  if (type === 'secret') {
    const id = told.has('id') ? told.get('id') : ''
    if (from !== '') throw new MountError('secret mount should not have a from')
    if (hasSharing) throw new MountError('secret mount should not define sharing')
    if (source === '' && target === '' && id === '') {
      throw new MountError('invalid secret mount. one of source, target required')
    }
    if (source !== '' && source !== undefined && id !== '' && id !== undefined) {
      throw new MountError("both source and id can't be set")
    }
  }
  if (hasSharing && type !== 'cache') throw new MountError(`invalid cache sharing set for ${type} mount`)
}
