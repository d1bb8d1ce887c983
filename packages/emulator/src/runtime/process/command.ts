import { posix } from 'node:path'
import { splitCommand } from '../command-words.ts'
import type { StartOptions } from '../runtime.ts'
import type { ImageConfig } from './image.ts'
import { findProgram, insideRoot, isExecutable, mapArgument, mapShellText, mapVariable } from './paths.ts'

/** What a container runs, with all paths as they are on this machine. */
export interface Launch {
  program: string
  args: string[]
  cwd: string
  env: Record<string, string>
}

/**
 * Puts entry point, command and environment together as an engine does. `env` of the result holds the image's variables, then the
 * given ones byte for byte, then PATH, HOME and HOSTNAME; nothing of this machine's own environment.
 * Throws an Error in the engine's words when there is nothing to run.
 */
export function launchOf(
  root: string,
  config: ImageConfig,
  options: Pick<StartOptions, 'env' | 'entrypoint' | 'command'>,
  hostname: string,
): Launch {
  const home = config.user === '' || config.user === 'root' || config.user === '0' ? '/root' : '/home/node'
  const image = Object.entries(config.env).map(([name, value]): [string, string] => [
    name,
    mapVariable(root, name, value),
  ])
  const env: Record<string, string> = {
    HOME: insideRoot(root, home),
    HOSTNAME: hostname,
    ...Object.fromEntries(image),
    ...options.env,
  }
  const cwd = insideRoot(root, config.workdir)
  const searchPath = env.PATH ?? ''
  const own = argvOf(config, options)
  const argv = withNode(own, searchPath, root, cwd)
  const [name, ...args] = argv
  if (name === undefined) throw new Error('No command specified')
  const program =
    findProgram(mapArgument(root, name), searchPath, cwd) ??
    findProgram(posix.basename(name), searchPath, cwd)
  if (program === undefined) {
    throw new Error(`OCI runtime create failed: exec: "${name}": executable file not found in $PATH: unknown`)
  }
  const mapped = args.map((arg, index) => mapOne(root, arg, args[index - 1] === '-c'))
  return { program, args: mapped, cwd, env: argv === own ? env : { ...throughShell(env), PWD: cwd } }
}

/** The image's entry point is a script: what its shell can't name as a variable of its own it doesn't hand on. */
const throughShell = (env: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)))

const mapOne = (root: string, arg: string, isShellText: boolean): string =>
  isShellText ? mapShellText(root, arg, false) : mapArgument(root, arg)

function argvOf(config: ImageConfig, options: Pick<StartOptions, 'entrypoint' | 'command'>): string[] {
  const own = options.entrypoint === undefined ? config.entrypoint : splitCommand(options.entrypoint)
  // As with `docker run --entrypoint`: the image's CMD belongs to the image's entry point.
  const fallback = options.entrypoint === undefined ? (config.cmd ?? []) : []
  const command = options.command === undefined ? fallback : splitCommand(options.command)
  return [...(own ?? ['docker-entrypoint.sh']), ...command]
}

/** The Node image's entry point: an option, or what isn't a program, is for `node`. */
function withNode(argv: string[], searchPath: string, root: string, cwd: string): string[] {
  const [entry, ...rest] = argv
  if (entry === undefined || posix.basename(entry) !== 'docker-entrypoint.sh') return argv
  if (isExecutable(mapArgument(root, entry))) return argv // the application's own script of that name
  const [first] = rest
  if (first === undefined) return ['node']
  const known = findProgram(mapArgument(root, first), searchPath, cwd)
  return first.startsWith('-') || known === undefined ? ['node', ...rest] : rest
}
