import { delimiter, join, posix } from 'node:path'
import { splitCommand } from '../command-words.ts'
import type { StartOptions } from '../runtime.ts'
import type { ImageConfig } from './image.ts'
import { insideRoot, isExecutable, mapArgument, mapShellText, mapVariable } from './paths.ts'
import { findInImage, NotExecuted, NotStarted, type ProgramScope } from './program.ts'
import { resolveInRoot, statAt } from './root-path.ts'

/** What a container runs, with all paths as they are on this machine. */
export interface Launch {
  program: string
  args: string[]
  cwd: string
  env: Record<string, string>
}

/** Where a container is started: its image's file system, and its working directory on this machine. */
export interface LaunchPlace {
  root: string
  cwd: string
}

/**
 * Puts entry point, command and environment together as an engine does. `env` of the result holds the image's variables, then the
 * given ones byte for byte, then PATH, HOME and HOSTNAME; nothing of this machine's own environment. Through the Node image's entry point,
 * which is a shell's script, PWD is added, and names that are no identifiers are dropped.
 * Throws an Error in the engine's words when the container can't be created.
 */
export function launchOf(
  place: LaunchPlace,
  config: ImageConfig,
  options: Pick<StartOptions, 'env' | 'entrypoint' | 'command'>,
  hostname: string,
): Launch {
  const env = environmentOf(place.root, config, options.env, hostname)
  const argv = argvOf(config, options)
  if (argv.length === 0) throw new Error('no command specified')
  const scope = { root: place.root, workdir: posix.resolve('/', config.workdir), searchPath: env.PATH ?? '' }
  const [entry, ...rest] = argv
  if (entry === undefined || !isNodeEntry(entry, scope))
    return { ...started(argv, scope), cwd: place.cwd, env }
  return { ...throughNodeEntry(rest, scope), cwd: place.cwd, env: { ...identifiersOf(env), PWD: place.cwd } }
}

function environmentOf(
  root: string,
  config: ImageConfig,
  given: Record<string, string>,
  hostname: string,
): Record<string, string> {
  const image = Object.entries(config.env).map(([name, value]): [string, string] => [
    name,
    mapVariable(root, name, value),
  ])
  const env: Record<string, string> = { HOSTNAME: hostname, ...Object.fromEntries(image), ...given }
  return { ...env, HOME: env.HOME || insideRoot(root, homeOf(config.user)) }
}

/** The home directory of a user, as /etc/passwd of the Node image has it; a number that stands for nobody lives in `/`. */
export function homeOf(user: string): string {
  const name = user.replace(/:.*$/, '')
  if (['', 'root', '0'].includes(name)) return '/root'
  if (['node', '1000'].includes(name)) return '/home/node'
  return /^\d+$/.test(name) ? '/' : `/home/${name}`
}

const identifiersOf = (env: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)))

function argvOf(config: ImageConfig, options: Pick<StartOptions, 'entrypoint' | 'command'>): string[] {
  const own = options.entrypoint === undefined ? config.entrypoint : splitCommand(options.entrypoint)
  // As with `docker run --entrypoint`: the image's CMD belongs to the image's entry point.
  const fallback = options.entrypoint === undefined ? (config.cmd ?? []) : []
  const command = options.command === undefined ? fallback : splitCommand(options.command)
  return [...(own ?? [NODE_ENTRY]), ...command]
}

const NODE_ENTRY = 'docker-entrypoint.sh'

/** Whether it is the Node image's own entry point, and not the application's script of that name. */
function isNodeEntry(entry: string, { root, workdir, searchPath }: ProgramScope): boolean {
  if (posix.basename(entry) !== NODE_ENTRY) return false
  if (entry.includes('/')) return !isExecutable(mapArgument(root, posix.resolve(workdir, entry)))
  const inImage = searchPath.split(delimiter).filter((directory) => directory.startsWith(`${root}/`))
  return !inImage.some((directory) => isExecutable(join(directory, entry)))
}

/** Starts what the container runtime starts. */
function started(argv: string[], scope: ProgramScope): Pick<Launch, 'program' | 'args'> {
  try {
    return runs(argv, scope)
  } catch (error) {
    if (error instanceof NotExecuted) return endsWith(error.message, 1)
    if (!(error instanceof NotStarted)) throw error
    const message = `failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${error.message}: unknown`
    throw new Error(message, { cause: error })
  }
}

/** What the Node image's entry point, a script for dash, does: an option, or what isn't a program, is for `node`. */
function throughNodeEntry(command: string[], scope: ProgramScope): Pick<Launch, 'program' | 'args'> {
  const [first = ''] = command
  const argv = first.startsWith('-') || !isCommand(first, scope) ? ['node', ...command] : command
  try {
    return runs(argv, scope)
  } catch (error) {
    const failed = `/usr/local/bin/${NODE_ENTRY}: 11: exec: ${first}`
    if (error instanceof NotStarted) return endsWith(`${failed}: Permission denied`, 126)
    if (!(error instanceof NotExecuted)) throw error
    if (error.reason !== 'exec format error') return endsWith(`${failed}: not found`, 127)
    return { program: '/bin/sh', args: [mapArgument(scope.root, first), ...mapped(argv, scope)] }
  }
}

/** What `command -v` of a shell finds, but no file that lacks the x bit. */
function isCommand(name: string, scope: ProgramScope): boolean {
  if (
    name.includes('/') &&
    statAt(resolveInRoot(scope.root, posix.resolve(scope.workdir, name)))?.isDirectory()
  )
    return true
  try {
    findInImage(name, scope)
    return true
  } catch (error) {
    if (error instanceof NotExecuted) return true
    if (error instanceof NotStarted) return false
    throw error
  }
}

function runs(argv: string[], scope: ProgramScope): Pick<Launch, 'program' | 'args'> {
  const program = findInImage(argv[0] ?? '', scope)
  return { program: program.path, args: [...program.args, ...mapped(argv, scope)] }
}

/** The arguments behind the program's name, for this machine. */
function mapped([, ...args]: string[], { root }: ProgramScope): string[] {
  return args.map((arg, index) =>
    args[index - 1] === '-c' ? mapShellText(root, arg, false) : mapArgument(root, arg),
  )
}

/** A container that says one line and ends. */
const endsWith = (line: string, code: number): Pick<Launch, 'program' | 'args'> => ({
  program: '/bin/sh',
  args: ['-c', `printf '%s\\n' "$1" >&2; exit ${code}`, 'sh', line],
})
