import { posix, relative, resolve, sep } from 'node:path'
import { modules, packages, rooms } from './architecture.js'

const plain = (path) =>
  path
    .split(sep)
    .join('/')
    .replace(/\.(?:d\.)?[cm]?[jt]sx?$/, '')
const isIn = (path, place) => path === place || path.startsWith(`${place}/`)
const isInAny = (path, places) => places.some((place) => isIn(path, place))

/** The longest name of a room that holds the path (from the rooms' home): a file's own entry wins over its directory's. */
const roomOf = (path) =>
  Object.keys(rooms.reach)
    .filter((room) => isIn(path, room))
    .sort((a, b) => b.length - a.length)[0]

function againstModules(from, specifier) {
  return modules.find(
    ({ imports, only, never }) =>
      imports.test(specifier) &&
      (never ? isInAny(from, never) : from.startsWith('packages/') && !isInAny(from, only)),
  )?.because
}

function againstPackages(from, specifier, target) {
  const found = packages.find(
    ({ name, home, only }) =>
      (specifier === name ||
        specifier.startsWith(`${name}/`) ||
        (target !== undefined && isIn(target, home))) &&
      !isInAny(from, [home, ...only]),
  )
  if (!found) return undefined
  return `${found.name} may be imported only from ${found.only.join(', ')}: the wire is the contract`
}

function againstRooms(from, target) {
  if (target === undefined || !isIn(from, rooms.home) || !isIn(target, rooms.home)) return undefined
  const [inside, reached] = [from, target].map((path) => path.slice(rooms.home.length + 1))
  const room = roomOf(inside)
  if (room === undefined)
    return `${inside} stands in no room that scripts/lint/architecture.js knows: give it one`
  if (isInAny(reached, [room, ...rooms.reach[room]])) return undefined
  return `${room} may reach only ${rooms.reach[room].join(', ') || 'nothing else'}`
}

/** Why the file at `from` (from the repository's root) may not import `specifier`, or undefined when it may. */
export function refusal(from, specifier) {
  const target = specifier.startsWith('.') ? plain(posix.join(posix.dirname(from), specifier)) : undefined
  const importer = plain(from)
  return (
    againstModules(importer, specifier) ??
    againstPackages(importer, specifier, target) ??
    againstRooms(importer, target)
  )
}

/** Checks static, dynamic and type imports and re-exports against the table in architecture.js. */
export const boundaries = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { refused: "'{{specifier}}' can't be imported here: {{reason}}." },
  },
  create(context) {
    const from = relative(context.cwd, resolve(context.cwd, context.filename)).split(sep).join('/')
    const check = (source) => {
      if (typeof source?.value !== 'string') return
      const reason = refusal(from, source.value)
      if (reason)
        context.report({ node: source, messageId: 'refused', data: { specifier: source.value, reason } })
    }
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source),
    }
  },
}
