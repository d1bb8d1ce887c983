import { posix } from 'node:path'
import type { BuildPlan, PlannedStage } from '@lucree/docker-context'
import type { Build } from '../dockerfile/read-build.ts'
import type { BuildContext } from './build-context.ts'
import type { Warn } from './checked-source.ts'
import type { ContextCopy } from './context-copies.ts'

/** Warns of what BuildKit does with COPY and ADD in silence and nobody means. */
export function warnOfCopies(
  { plan, syntax }: Build,
  copies: readonly ContextCopy[],
  context: BuildContext,
  warn: Warn,
): void {
  for (const copy of copies) warnOfLost(copy, plan, context, warn)
  // A newer frontend, which a `# syntax=` line fetches, reads letters too.
  if (syntax !== undefined) return
  for (const { line, keyword, flags } of neededInstructions(plan)) {
    const mode = flags.find(({ name }) => name === 'chmod')?.value.written
    if (mode === undefined || mode === '' || /^[0-7]+$/.test(mode)) continue
    warn(
      `Dockerfile:${line}: ${keyword} --chmod=${mode} changes no mode, because docker only reads an octal number: write --chmod=755, for example.`,
    )
  }
}

function neededInstructions({ stages }: BuildPlan) {
  return stages.filter(({ needed }) => needed).flatMap(({ instructions }) => instructions)
}

/** `COPY a b /x` makes b of /x, unless /x is a directory. */
function warnOfLost(
  { instruction, sources }: ContextCopy,
  plan: BuildPlan,
  context: BuildContext,
  warn: Warn,
): void {
  const { words, files, keyword, line } = instruction
  const target = words.at(-1)?.value
  if (target === undefined || /(^|\/)\.{0,2}$/.test(target) || isDirectory(target, instruction, plan)) return
  const copied = sources.flatMap((source) => {
    if (source.kind === 'path') return source.found.isThere ? [source.found] : []
    return source.kind === 'pattern' ? source.matches.map((path) => context.find(path)) : []
  })
  if (copied.some(({ kind }) => kind === 'directory')) return
  const names = [...copied.map(({ path }) => path), ...files.map(({ name }) => name)]
  if (names.length < 2) return
  const lost = names.slice(0, -1).join(' and ')
  warn(
    `Dockerfile:${line}: ${keyword} copies ${names.length} files to ${target}: unless the image has a directory of that name, docker keeps the last file only, and ${lost} is lost without an error; write ${target}/.`,
  )
}

/** Whether the file itself shows that a path is a directory: a WORKDIR, a target of an earlier copy, something that a RUN names. */
function isDirectory(target: string, copy: ContextCopy['instruction'], { stages }: BuildPlan): boolean {
  const stage = stages.find(({ instructions }) => instructions.includes(copy))
  const before = stage ? earlierInstructions(stage, copy) : []
  const workdir = before.reduce(
    (at, { keyword, words }) => (keyword === 'WORKDIR' ? posix.resolve(at, words[0]?.value ?? '') : at),
    '/',
  )
  const path = posix.resolve(workdir, target)
  const holds = (other: string) => `${posix.resolve(workdir, other)}/`.startsWith(`${path}/`)
  return before.some(({ keyword, words, instruction }) => {
    if (keyword === 'RUN') return instruction.text.includes(target)
    return ['WORKDIR', 'COPY', 'ADD'].includes(keyword) && holds(words.at(-1)?.value ?? '/')
  })
}

function earlierInstructions(
  stage: PlannedStage,
  copy: ContextCopy['instruction'],
): PlannedStage['instructions'] {
  const below = stage.base ? earlierInstructions(stage.base, copy) : []
  const at = stage.instructions.indexOf(copy)
  return [...below, ...stage.instructions.slice(0, at < 0 ? undefined : at)]
}
