import { goQuote, runForm, type PlannedInstruction } from '@lucree/docker-context'
import { mkdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { BuildFailed } from '../runtime.ts'
import { findProgram, insideRoot, mapArgument, mapShellText, mapVariable } from './paths.ts'
import { runStep } from './process-group.ts'
import { digest, materialise, variablesOf, type BuildSession, type Stage, type Step } from './stage.ts'

/** A step that took longer than this is worth a copy of its result, in milliseconds. */
const WORTH_KEEPING = 500

/** RUN, in both forms, with the result of an expensive step kept for the next build. */
export const run: Step = async (planned, stage, session) => {
  checkFlags(planned, session)
  stage.key = digest(
    stage.key,
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

function checkFlags({ flags, mounts }: PlannedInstruction, session: BuildSession): void {
  const unfollowed = mounts.findIndex(({ type }) => type !== 'cache')
  if (unfollowed >= 0) {
    const written = flags.filter(({ name }) => name === 'mount')[unfollowed]?.value.written ?? ''
    const message = `The process runtime can't follow RUN --mount=${written}; use --runtime docker.`
    throw new BuildFailed('build', message)
  }
  for (const { name } of flags) {
    session.log(` ---> [lucree] RUN --${name} has no effect in the process runtime`)
  }
}

/** What a step's process is called with. A script of a heredoc is written into the image for the time of the step. */
async function argvOf({ instruction }: PlannedInstruction, { root, config }: Stage): Promise<string[]> {
  const form = runForm(instruction)
  if (form.kind === 'exec') return [...form.argv]
  if (form.kind === 'shell') return [...config.shell, form.text]
  const path = `/dev/pipes/${form.name}`
  await mkdir(insideRoot(root, '/dev/pipes'), { recursive: true })
  await writeFile(insideRoot(root, path), form.text, { mode: 0o755 })
  return [...config.shell, path]
}

async function execute(planned: PlannedInstruction, stage: Stage, session: BuildSession): Promise<void> {
  const { root, config } = stage
  const argv = await argvOf(planned, stage)
  const cwd = insideRoot(root, config.workdir)
  await mkdir(cwd, { recursive: true })
  const env = stepEnvironment(planned, stage, session)
  const [name = '', ...args] = argv
  const program = findProgram(mapArgument(root, name), env.PATH ?? '', cwd)
  if (program === undefined) {
    throw new BuildFailed('build', `exec: "${name}": executable file not found in $PATH`)
  }
  const mapped = args.map((arg, index) =>
    isShellText(config.shell, argv, index + 1)
      ? mapShellText(root, keepCache(arg), true)
      : mapArgument(root, arg),
  )
  const started = (pid: number) => session.remember(pid)
  const { log, clock, signal } = session
  const code = await runStep({ program, args: mapped, cwd, env, log, clock, started, signal })
  await session.remember(undefined)
  if (code !== 0) {
    const command = goQuote(argv.join(' '))
    throw new BuildFailed('build', `process ${command} did not complete successfully: exit code: ${code}`)
  }
}

/** What a shell is going to read: the text of the shell form, or what follows `sh -c` in the exec form. */
const isShellText = (shell: string[], argv: string[], index: number): boolean =>
  argv[index - 1] === '-c' || (index === shell.length && shell.every((word, at) => argv[at] === word))

/** npm's cache is shared by all builds, so a step that empties it to keep its image small must not, least of all while another installs. */
const keepCache = (text: string): string => text.replace(/\bnpm\s+cache\s+clean\b(\s+(--force|-f)\b)?/g, ':')

function stepEnvironment(
  planned: PlannedInstruction,
  { root }: Stage,
  session: BuildSession,
): Record<string, string> {
  const image = variablesOf(planned).map(([name, value]): [string, string] => [
    name,
    mapVariable(root, name, value),
  ])
  const env = Object.fromEntries(image)
  return {
    HOME: insideRoot(root, '/root'),
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
