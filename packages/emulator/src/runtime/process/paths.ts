import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { basename, delimiter, dirname, join, posix } from 'node:path'

/**
 * The process runtime has no root file system of its own, so `/app` of the container is `<root>/app` here. Where a path is
 * handed over as text it is rewritten by these rules; a path that a program makes up by itself can't be.
 */

/** Where a path of the container lies on this machine; `..` can't climb above the root. */
export function insideRoot(root: string, path: string, workdir = '/'): string {
  return join(root, posix.resolve('/', workdir, path))
}

/** An absolute path that the image holds becomes its place on this machine; any other text stays as it is. */
function mapExisting(root: string, text: string): string {
  if (!text.startsWith('/') || text === '/') return text
  const mapped = insideRoot(root, text)
  return existsSync(mapped) ? mapped : text
}

/** An argument or a variable of the image: a path, `--flag=path`, or a list of paths separated by colons. */
export function mapArgument(root: string, text: string): string {
  const flag = /^(-[^=\s]*=)(\/.*)$/s.exec(text)
  if (flag) return `${flag[1] ?? ''}${mapExisting(root, flag[2] ?? '')}`
  return text
    .split(':')
    .map((part) => mapExisting(root, part))
    .join(':')
}

/** Variables whose name says that they hold a path are mapped before the path exists, since a step may be about to make it. */
const NAMES_A_PATH = /(DIR|DIRECTORY|HOME|ROOT|FILE|CACHE|STORE|PREFIX)$/i

export function mapVariable(root: string, name: string, value: string): string {
  if (name === 'PATH') return mapSearchPath(root, value)
  if (NAMES_A_PATH.test(name) && value.startsWith('/') && value !== '/') return insideRoot(root, value)
  return mapArgument(root, value)
}

const HOST_DIRECTORIES = /^\/(usr\/(local\/)?)?s?bin$/

/** Whether a directory of the container is one of those whose programs are this machine's. */
export const isHostDirectory = (path: string): boolean => HOST_DIRECTORIES.test(path)

/** The image's directories first, then this machine's directory of Node and its standard ones. */
function mapSearchPath(root: string, value: string): string {
  const parts = value.split(':').filter((part) => part !== '')
  const mapped = parts.map((part) => insideRoot(root, part))
  const host = parts.filter(isHostDirectory)
  return [...new Set([...mapped, dirname(process.execPath), ...host])].join(delimiter)
}

const ABSOLUTE = /(^|[\s=:"'`(;&|<>])(\/(?!\/)[^\s"'`;&|<>()$*?[\]{}:]*)/g
const LEFT_ALONE = /^\/(dev|proc|sys)(\/|$)/
const COMMAND_FOLLOWS = /(^|[;&|(`]|\b(then|do|else|exec|env)\s)\s*$/

/**
 * Rewrites the absolute paths that stand in a shell's text. `everywhere` also maps those that the image doesn't hold yet
 * (a RUN step makes new ones, and must never make or remove them on this machine); programs of this machine stay callable.
 */
export function mapShellText(root: string, text: string, everywhere: boolean): string {
  return text.replace(ABSOLUTE, (whole: string, before: string, path: string, offset: number) => {
    if (path === '/' ? !everywhere : LEFT_ALONE.test(path)) return whole
    const quote = quoteAt(text.slice(0, offset) + before)
    const inside = posix.resolve('/', path)
    const mapped = before + quoted(root, quote) + inside + (path.endsWith('/') && path !== '/' ? '/' : '')
    if (existsSync(join(root, inside))) return mapped
    if (!everywhere) return whole
    if (COMMAND_FOLLOWS.test(text.slice(0, offset) + before) && isExecutable(path))
      return before + basename(path)
    return mapped
  })
}

type Quote = '' | '"' | "'"

/** In which quotes a shell is after this text. */
function quoteAt(text: string): Quote {
  let quote: Quote = ''
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i)
    if (char === '\\' && quote !== "'") i++
    else if (char === quote) quote = ''
    else if (quote === '' && (char === '"' || char === "'")) quote = char
  }
  return quote
}

/** A path as a shell reads it back in the given quotes. */
function quoted(path: string, quote: Quote): string {
  if (quote === "'") return path.replaceAll("'", `'\\''`)
  return path.replace(quote === '"' ? /["\\$`]/g : /[^\w@%+=:,./-]/g, '\\$&')
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false // "can't be executed" is the answer, not a fault
  }
}
