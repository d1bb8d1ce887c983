import { mkdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { BuildFailed } from '../runtime.ts'
import type { Instruction } from './dockerfile.ts'
import { findProgram, insideRoot, mapArgument, mapShellText, mapVariable } from './paths.ts'
import { runStep } from './process-group.ts'
import { digest, materialise, type BuildSession, type Stage, type Step } from './stage.ts'

/** A step that took longer than this is worth a copy of its result, in milliseconds. */
const WORTH_KEEPING = 500

/** RUN, in both forms, with the result of an expensive step kept for the next build. */
export const run: Step = async (instruction, stage, session) => {
  checkFlags(instruction, session)
  stage.key = digest(stage.key, JSON.stringify(stage.args), JSON.stringify(session.buildEnv))
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
    await execute(instruction, stage, session)
    if (session.clock.now().getTime() - began >= WORTH_KEEPING) {
      await session.layers.save(key, stage.root, session.signal)
    }
  })
}

function checkFlags({ flags }: Instruction, session: BuildSession): void {
  for (const [name, value] of Object.entries(flags)) {
    if (name === 'mount' && !/(^|,)type=cache(,|$)/.test(String(value))) {
      throw new BuildFailed(
        'build',
        `The process runtime can't follow RUN --mount=${String(value)}; use --runtime docker.`,
      )
    }
    session.log(` ---> [lucree] RUN --${name} has no effect in the process runtime`)
  }
}

async function execute(instruction: Instruction, stage: Stage, session: BuildSession): Promise<void> {
  const { root, config } = stage
  const argv = instruction.json ?? [...config.shell, instruction.args]
  const cwd = insideRoot(root, config.workdir)
  await mkdir(cwd, { recursive: true })
  const env = stepEnvironment(stage, session)
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
    throw new BuildFailed('build', `The command '${argv.join(' ')}' returned a non-zero code: ${code}`)
  }
}

/** What a shell is going to read: the text of the shell form, or what follows `sh -c` in the exec form. */
const isShellText = (shell: string[], argv: string[], index: number): boolean =>
  argv[index - 1] === '-c' || (index === shell.length && shell.every((word, at) => argv[at] === word))

/** npm's cache is shared by all builds, so a step that empties it to keep its image small must not, least of all while another installs. */
const keepCache = (text: string): string => text.replace(/\bnpm\s+cache\s+clean\b(\s+(--force|-f)\b)?/g, ':')

function stepEnvironment(stage: Stage, session: BuildSession): Record<string, string> {
  const { root, config, args } = stage
  const image = Object.entries({ ...args, ...config.env }).map(([name, value]): [string, string] => [
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
