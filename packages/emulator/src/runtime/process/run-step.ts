import { goQuote, runForm, type PlannedInstruction } from '@lucree/docker-context'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join, posix } from 'node:path'
import { BuildFailed } from '../runtime.ts'
import { homeOf } from './command.ts'
import { containLinks } from './contained-link.ts'
import { insideRoot, mapArgument, mapShellText, mapVariable } from './paths.ts'
import { runStep } from './process-group.ts'
import { findInImage, NotExecuted, NotStarted, type Program, type ProgramScope } from './program.ts'
import { makeDirectory } from './root-path.ts'
import { digestMounts, withMounts } from './run-mounts.ts'
import { digest, materialise, variablesOf, type BuildSession, type Stage, type Step } from './stage.ts'

/** A step that took longer than this is worth a copy of its result, in milliseconds. */
const WORTH_KEEPING = 500

/** RUN, in both forms, with the result of an expensive step kept for the next build. */
export const run: Step = async (planned, stage, session) => {
  tellFlags(planned, session)
  stage.key = digest(
    stage.key,
    await digestMounts(planned, session),
    JSON.stringify(variablesOf(planned)),
    JSON.stringify(planned.instruction.heredocs),
    JSON.stringify(session.buildEnv),
  )
  const { key } = stage
  await session.layers.once(key, async () => {
    if (session.layers.has(key)) {
      session.log(' ---> Using cache')
      // It holds the result of everything before it, too.
      stage.pending = [() => session.layers.restore(key, stage.root, session.signal)]
      return
    }
    await materialise(stage)
    const began = session.clock.now().getTime()
    await execute(planned, stage, session)
    if (session.clock.now().getTime() - began >= WORTH_KEEPING) {
      await session.layers.save(key, stage.root, session.signal)
    }
  })
}

function tellFlags({ flags }: PlannedInstruction, session: BuildSession): void {
  for (const { name } of flags) {
    if (name !== 'mount') session.log(` ---> [lucree] RUN --${name} has no effect in the process runtime`)
  }
}

/** What a step's process is called with. */
function argvOf({ instruction }: PlannedInstruction, { config }: Stage): string[] {
  const form = runForm(instruction)
  if (form.kind === 'exec') return [...form.argv]
  return [...config.shell, form.kind === 'shell' ? form.text : `${SCRIPTS}${form.name}`]
}

/** Where BuildKit puts a heredoc that begins with `#!`. */
const SCRIPTS = '/dev/pipes/'

/** Runs a step with the script that its heredoc is, if it is one; the shell is then told where that lies on this machine. */
async function withScript<T>(
  { instruction }: PlannedInstruction,
  { root }: Stage,
  work: (place: string | undefined) => Promise<T>,
): Promise<T> {
  const form = runForm(instruction)
  if (form.kind !== 'script') return work(undefined)
  const directory = await mkdtemp(join(dirname(root), 'script-'))
  const place = join(directory, form.name)
  try {
    await writeFile(place, mapScript(root, form.text), { mode: 0o755 })
    return await work(place)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** The paths of a script. In another language than a shell's a slash between blanks divides. */
function mapScript(root: string, text: string): string {
  if (/^#!.*\b(ba|da|a|z|k)?sh\b/.test(text)) return mapShellText(root, text, true)
  const parts = text.split(' / ')
  return parts.map((part) => mapShellText(root, part, true)).join(' / ')
}

async function execute(planned: PlannedInstruction, stage: Stage, session: BuildSession): Promise<void> {
  const { root, config } = stage
  const argv = argvOf(planned, stage)
  const cwd = await makeDirectory(root, config.workdir)
  const env = stepEnvironment(planned, stage, session)
  const { log, clock, signal } = session
  const scope = { root, workdir: posix.resolve('/', config.workdir), searchPath: env.PATH ?? '' }
  const started = (pid: number) => session.remember(pid)
  const code = await withScript(planned, stage, (script) =>
    withMounts(planned, stage, session, async () => {
      const program = programOf(argv[0] ?? '', scope, log)
      if (program === undefined) return NOT_STARTED
      const own = argv.slice(1).map((arg, index) => {
        if (!isShellText(config.shell, argv, index + 1)) return mapArgument(root, arg)
        return script === undefined ? mapShellText(root, keepCache(arg), true) : quoted(script)
      })
      const args = [...program.args, ...own]
      return runStep({ program: program.path, args, cwd, env, log, clock, started, signal })
    }),
  )
  await session.remember(undefined)
  if (code !== 0) {
    const command = goQuote(argv.join(' '))
    throw new BuildFailed('build', `process ${command} did not complete successfully: exit code: ${code}`)
  }
  await containLinks(root, signal)
}

/** BuildKit's exit code of a step whose program can't be started. */
const NOT_STARTED = 1

/** The step's program; undefined, and the reason in the build's output, when it can't be started. */
function programOf(name: string, scope: ProgramScope, log: (line: string) => void): Program | undefined {
  try {
    return findInImage(name, scope)
  } catch (error) {
    if (error instanceof NotExecuted) log(error.message)
    else if (error instanceof NotStarted)
      log(`runc run failed: unable to start container process: ${error.message}`)
    else throw error
    return undefined
  }
}

/** What a shell is going to read: the text of the shell form, or what follows `sh -c` in the exec form. */
const isShellText = (shell: string[], argv: string[], index: number): boolean =>
  argv[index - 1] === '-c' || (index === shell.length && shell.every((word, at) => argv[at] === word))

/** A path as one word of a shell. */
const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`

/** npm's cache is shared by all builds, so a step that empties it to keep its image small must not, least of all while another installs. */
const keepCache = (text: string): string => text.replace(/\bnpm\s+cache\s+clean\b(\s+(--force|-f)\b)?/g, ':')

function stepEnvironment(
  planned: PlannedInstruction,
  { root, config }: Stage,
  session: BuildSession,
): Record<string, string> {
  const image = variablesOf(planned).map(([name, value]): [string, string] => [
    name,
    mapVariable(root, name, value),
  ])
  const env = Object.fromEntries(image)
  return {
    HOME: insideRoot(root, homeOf(config.user)),
    TMPDIR: insideRoot(root, '/tmp'),
    // Global packages belong to the image, not to this machine's Node.
    npm_config_prefix: join(root, 'usr/local'),
    npm_config_cache: session.npmCache,
    npm_config_update_notifier: 'false',
    ...session.buildEnv,
    ...env,
    PATH: [session.shims, env.PATH].join(delimiter),
    LUCREE_IMAGE_ROOT: root,
  }
}
