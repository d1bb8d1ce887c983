import fc from 'fast-check'
import { type Context } from '../builder/context.ts'
import { type IgnoreCase } from '../cases/ignore-cases.ts'

/** Names with a character that one grammar or another reads as its own, or that is more than one UTF-16 unit or byte. */
const NAMES = [
  'a', 'b', 'ab', 'foo', 'Foo', 'foo.d', 'a.txt', 'b.log', 'a.b.c', 'x.js', '.env', '.hidden', '..a', 'node_modules', '@scope',
  'a+b', 'a(1)', 'a{1}', 'a{b}', 'aa', 'a$b', 'a$', 'x^y', '^a', 'a|b', "it's", 'sp ace', ' lead', 'trail ', '#hash', '!bang', '!', '-dash',
  'tilde~', '[id]', '[', 'a]', '*', 'a*', '**', '?', 'a\\b', '\\', 'ünï', 'é', 'e\u0301', '日本', '😀', 'a😀b', '\u{1F468}\u200D\u{1F4BB}',
  'Dockerfile', '.dockerignore', 'a,b', 'A', 'K', '\u212A', 'ſ', '\u00A0', 'dot.', '%41', '&', '`', '"q"',
] // prettier-ignore

/** Text that stands for itself or not, depending on where it is. */
const PIECES = [
  '*', '**', '?', '***', '[a-c]', '[^a]', '[!a]', '[^]', ']', '[\\]]', '[\\-x]', '[a\\-c]', '[*]', '[😀-😂]', '[日]', '[^日]', '[a^]', '[$]',
  '\\\\', '\\*', '\\?', '\\[', '\\a', '\\.', '\\d', '\\w', '\\b', '\\é', '\\!', '\\#', '\\ ', '.', '..', '...', '(', ')', '(a', '{', '{1}', '{0,1}', '{1',
  '+', '$', '^', '|', '|a', 'a|', '||', '(?i)', '(?:a)', '.*', '.+', 'a', 'b', 'foo', ' ', '\u00A0', '\u3000', '!', '#', '-', '😀', 'é', '\u2028', '\uFEFF',
] // prettier-ignore
/** What makes most patterns wrong; in few of them, since a builder that refuses tells nothing else. */
const WRONG = [
  '[a-',
  '[]',
  '[]a]',
  '[a',
  '[-a]',
  '[a-]',
  '[[:alpha:]]',
  '\\',
  '\\y',
  '\t',
  '\f',
  '\v',
  '\u0085',
  '\u007F',
]

type Paths = readonly (readonly [indexes: readonly number[], kind: string])[]
type Pattern = (pool: readonly string[], paths: Paths) => string

const index = fc.nat(23)
const nameAt = (pool: readonly string[], at: number): string => pool[at % pool.length] ?? 'a'
/** A name with the character at a place replaced. */
const replaced = (name: string, at: number, by: (character: string) => string): string => {
  const characters = [...name]
  const place = at % characters.length
  return [...characters.slice(0, place), by(characters[place] ?? ''), ...characters.slice(place + 1)].join('')
}
const begin = (name: string, at: number): string => [...name].slice(0, at % ([...name].length + 1)).join('')
const end = (name: string, at: number): string => [...name].slice(at % ([...name].length + 1)).join('')

const CHANGES: ((name: string, at: number) => string)[] = [
  (name, at) => replaced(name, at, () => '?'),
  (name, at) => replaced(name, at, () => '*'),
  (name, at) => replaced(name, at, (character) => `[${character}]`),
  (name, at) => replaced(name, at, (character) => `[^${character}]`),
  (name, at) => replaced(name, at, (character) => `[${character}-${character}x]`),
  (name, at) => replaced(name, at, (character) => `\\${character}`),
  (name, at) => replaced(name, at, (character) => character + character),
  (name, at) => replaced(name, at, (character) => character.toUpperCase()),
  (name, at) => `${begin(name, at)}*`,
  (name, at) => `*${end(name, at)}`,
  (name, at) => `${begin(name, at)}**`,
  (name, at) => `**${end(name, at)}`,
  (name, at) => `${begin(name, at)}**${end(name, at)}`,
  (name, at) => `?${name.slice(at)}`,
]

const fixed = (text: string): Pattern => () => text // prettier-ignore
const name = index.map(
  (at): Pattern =>
    (pool) =>
      nameAt(pool, at),
)
const changedName = fc.tuple(index, fc.constantFrom(...CHANGES), fc.nat(5)).map(
  ([at, change, place]): Pattern =>
    (pool) =>
      change(nameAt(pool, at), place),
)
const pieces = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 4 })
  .map((texts) => fixed(texts.join('')))
const besideName = fc
  .tuple(index, fc.constantFrom(...PIECES), fc.boolean())
  .map(([at, piece, first]): Pattern => (pool) => first ? piece + nameAt(pool, at) : nameAt(pool, at) + piece) // prettier-ignore

/** One part of a pattern between slashes. */
const component: fc.Arbitrary<Pattern> = fc.oneof(
  { weight: 12, arbitrary: name },
  { weight: 10, arbitrary: changedName },
  { weight: 6, arbitrary: fc.constantFrom('*', '**', '..', '.', '').map(fixed) },
  { weight: 4, arbitrary: pieces },
  { weight: 4, arbitrary: besideName },
  { weight: 1, arbitrary: fc.constantFrom(...WRONG).map(fixed) },
)

const before = fc.oneof(
  { weight: 8, arbitrary: fc.constant('') },
  { weight: 5, arbitrary: fc.constant('!') },
  { weight: 5, arbitrary: fc.constantFrom('/', './', '!/', '!./', '! ', ' ', '\t', ' !', '!!', '#', ' #', '**/', '!**/', '../', '!../', '//', '\u00A0', '\uFEFF', '\\!', '\\#', '!#') },
) // prettier-ignore
const after = fc.oneof(
  { weight: 12, arbitrary: fc.constant('') },
  { weight: 4, arbitrary: fc.constantFrom('/', '/.', '/..', '/**', '/*', '//', ' ', '\t', '\r', ' /', '\\ ', '/**/', '/**/*') },
) // prettier-ignore

const slashes = fc.constantFrom('/', '/', '/', '//', '/./')

const freeLine: fc.Arbitrary<Pattern> = fc
  .tuple(before, fc.array(component, { minLength: 1, maxLength: 4 }), slashes, after)
  .map(
    ([head, parts, slash, tail]) =>
      (pool, paths) =>
        head + parts.map((part) => part(pool, paths)).join(slash) + tail,
  )

const same = (name: string) => name
const changes = fc.array(
  fc.oneof(
    fc.constant(same),
    fc.constantFrom(
      ...CHANGES,
      () => '*',
      () => '**',
    ),
  ),
  { maxLength: 4 },
)

/** A path of the tree, or of a directory above it, with some of its names changed. */
const lineOfPath: fc.Arbitrary<Pattern> = fc
  .tuple(before, index, fc.nat(3), changes, fc.nat(5), slashes, after)
  .map(([head, at, depth, change, place, slash, tail]) => (pool, paths) => {
    const [indexes = []] = paths[at % Math.max(1, paths.length)] ?? []
    const names = indexes.slice(0, depth + 1).map((name) => nameAt(pool, name))
    return head + names.map((name, part) => (change[part] ?? same)(name, place)).join(slash) + tail
  })

const line = fc.oneof(freeLine, lineOfPath)

/** Paths of up to four names, of a kind; what stands in the way of an earlier one is left out. */
const entries = fc.array(
  fc.tuple(fc.array(index, { minLength: 1, maxLength: 4 }), fc.constantFrom('f', 'f', 'f', 'd', 'l')),
  { minLength: 1, maxLength: 14 },
)

function treeOf(pool: readonly string[], paths: Paths): IgnoreCase['tree'] {
  const tree = new Map<string, string>()
  // The builder's own two names are files of the root.
  const taken = (path: string) => tree.has(path) || path === 'Dockerfile' || path === '.dockerignore'
  for (const [indexes, kind] of paths) {
    const path = indexes.map((at) => nameAt(pool, at)).join('/')
    const parents = path
      .split('/')
      .map((_, at, names) => names.slice(0, at).join('/'))
      .slice(1)
    if (taken(path) || parents.some((parent) => taken(parent) && tree.get(parent) !== 'd')) continue
    for (const parent of parents) tree.set(parent, 'd')
    tree.set(path, kind === 'l' ? `l:${nameAt(pool, indexes.length)}` : kind)
  }
  return [...tree]
}

const endsOfLines = fc.constantFrom('\n', '\n', '\n', '\r\n', '\n\n', '\n# comment\n', '\n \n')

/** Ignore files of up to six lines whose patterns are made from the names of the tree. Shrinks to few lines, few paths and plain names. */
export const generatedIgnoreCases: fc.Arbitrary<IgnoreCase> = fc
  .record({
    pool: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 5 }),
    lines: fc.array(fc.tuple(line, endsOfLines), { minLength: 1, maxLength: 6 }),
    mark: fc.constantFrom('', '', '', '', '\uFEFF'),
    last: fc.boolean(),
    paths: entries,
  })
  .map(({ pool, lines, mark, last, paths }) => {
    const text = lines.map(([pattern, newline]) => pattern(pool, paths) + newline).join('')
    return { ignore: mark + (last ? text : text.trimEnd()), tree: treeOf(pool, paths) }
  })

/** What the builder finds in the directory. */
export const contextOf = ({ ignore, tree }: IgnoreCase): Context => ({
  ...Object.fromEntries(
    tree.map(([path, kind]) => [
      path,
      kind === 'f' ? '' : kind === 'd' ? { directory: true as const } : { link: kind.slice('l:'.length) },
    ]),
  ),
  '.dockerignore': ignore,
})
