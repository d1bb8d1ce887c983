import { closeSync, openSync, readSync } from 'node:fs'
import { delimiter, join, posix } from 'node:path'
import { BuildFailed } from '../runtime.ts'
import { isExecutable, isHostDirectory } from './paths.ts'
import { resolveInRoot, statAt } from './root-path.ts'

/** The image in which a program is looked for, and from where. */
export interface ProgramScope {
  root: string
  /** The working directory as the container names it. */
  workdir: string
  /** PATH with directories of this machine. */
  searchPath: string
}

/** A program as this machine can start it. */
export interface Program {
  path: string
  /** What the first line of a script puts before the arguments: its interpreter's option and the script itself. */
  args: string[]
}

/** A container that isn't created, in the words of the container runtime (runc 1.1 and 1.2 under Docker 26.1.5). */
export class NotStarted extends Error {
  override readonly name = 'NotStarted'
}

/** A container that is created and ends at once, as the kernel can't execute its program. The message goes to its output. */
export class NotExecuted extends Error {
  override readonly name = 'NotExecuted'
  /** Why, in the kernel's words. */
  readonly reason: string

  constructor(name: string, reason: string) {
    super(`exec ${name}: ${reason}`)
    this.reason = reason
  }
}

/**
 * Finds what a container's command names: in the image first, then, for a name without a slash and for the directories of programs that every
 * image of Node has, on this machine. Throws {@link NotStarted} and {@link NotExecuted}.
 */
export function findInImage(name: string, scope: ProgramScope): Program {
  const path = name.includes('/') ? pathIn(name, scope) : searched(name, scope)
  return withInterpreter(name, path, scope)
}

function searched(name: string, { searchPath }: ProgramScope): string {
  const found = searchPath
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find(isExecutable)
  if (name !== '' && found !== undefined) return found
  throw new NotStarted(`exec: "${name}": executable file not found in $PATH`)
}

function pathIn(name: string, scope: ProgramScope): string {
  const asked = posix.resolve(scope.workdir, name)
  const place = placeOf(scope.root, name, asked)
  const facts = statAt(place)
  if (facts?.isDirectory()) throw new NotStarted(`exec: "${name}": is a directory`)
  if (facts && !isExecutable(place)) throw new NotStarted(`exec: "${name}": permission denied`)
  const found = facts ? place : onThisMachine(asked, scope)
  if (found === undefined) throw new NotStarted(`exec: "${name}": stat ${name}: no such file or directory`)
  return found
}

/** A program of the base image, which this runtime doesn't have: stand-ins and Node come first. */
function onThisMachine(asked: string, { searchPath }: ProgramScope): string | undefined {
  if (!isHostDirectory(posix.dirname(asked))) return undefined
  const named = searchPath.split(delimiter).map((directory) => join(directory, posix.basename(asked)))
  return [...named, asked].find(isExecutable)
}

function placeOf(root: string, name: string, path: string): string {
  try {
    return resolveInRoot(root, path)
  } catch (error) {
    if (!(error instanceof BuildFailed)) throw error
    throw new NotStarted(`exec: "${name}": too many levels of symbolic links`, { cause: error })
  }
}

/** As the kernel reads a script's first line. A program of this machine it reads itself. */
function withInterpreter(name: string, path: string, scope: ProgramScope): Program {
  if (!path.startsWith(`${scope.root}/`)) return { path, args: [] }
  const beginning = beginningOf(path)
  if (BINARY.test(beginning)) return { path, args: [] }
  const line = /^#![ \t]*([^\n]*)/.exec(beginning)?.[1]
  // A carriage return at the end belongs to the interpreter's name, or to the option.
  const [, interpreter = '', option = ''] = /^([^ \t]*)[ \t]*(.*?)[ \t]*$/s.exec(line ?? '') ?? []
  if (interpreter === '') throw new NotExecuted(name, 'exec format error')
  return { path: interpreterAt(name, interpreter, scope), args: [...(option ? [option] : []), path] }
}

function interpreterAt(name: string, interpreter: string, scope: ProgramScope): string {
  const asked = posix.resolve(scope.workdir, interpreter)
  const place = placeOf(scope.root, name, asked)
  if (statAt(place)) {
    if (isExecutable(place)) return place
    throw new NotExecuted(name, 'permission denied')
  }
  const found = onThisMachine(asked, scope)
  if (found === undefined) throw new NotExecuted(name, 'no such file or directory')
  return found
}

/** ELF, and the formats of macOS. */
const BINARY = /^(?:\x7fELF|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe)/

/** As much of a file's beginning as the kernel looks at, a character a byte. */
function beginningOf(path: string): string {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(256)
    return buffer.toString('latin1', 0, readSync(file, buffer))
  } finally {
    closeSync(file)
  }
}
