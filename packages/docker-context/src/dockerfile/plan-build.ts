import type { BuildPlan, PlannedInstruction, PlannedStage, PlanOptions, Word } from './build-plan.ts'
import { DockerfileError } from './dockerfile-error.ts'
import { expandWord } from './expand-word.ts'
import { findSources } from './find-source.ts'
import { goQuote } from './go-quote.ts'
import { checkImageName, checkStageName } from './image-name.ts'
import type { Dockerfile, Instruction } from './instruction.ts'
import { UNKNOWN, type Lookup } from './lexer.ts'
import { planInstruction, readTrigger } from './plan-instruction.ts'
import { checkPlatform, platformArguments } from './platform.ts'
import { Scope, type Value } from './scope.ts'
import type { PlanContext, Source, StageDraft } from './stage-draft.ts'

/** What BuildKit sets when an image says nothing. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * Says what a build does: which stages, what each instruction's words come to. Throws {@link DockerfileError} where BuildKit of Docker
 * 26.1.5 refuses before it runs anything; nothing that depends on something unknown is refused, and nothing in a stage that the result
 * doesn't need.
 */
export function planBuild(dockerfile: Dockerfile, options: PlanOptions = {}): BuildPlan {
  const { instructions, escape, syntax } = dockerfile
  const { buildArgs = {} } = options
  const globals = readGlobals(instructions, escape, options)
  const context: PlanContext = {
    escape,
    newerFlags: syntax !== undefined,
    buildArgs,
    globals,
    sources: [],
    byName: new Map(),
  }
  const drafts = draftStages(instructions, context)
  const final = findTarget(drafts, context, options.target)
  linkSources(drafts, context)
  refuseCircles(drafts)
  // BuildKit then leaves the only stage without a name in its messages.
  if (context.sources.length === 1) for (const { draft } of drafts) draft.label = ''
  refuseNames(context.sources)
  markNeeded(final)
  for (const draft of drafts) planStage(draft.draft, draft.own, context, options)
  return { stages: drafts.map(({ draft }) => draft.stage), final: final.stage }
}

/** A stage and the instructions that the file has for it. */
interface OwnDraft {
  draft: StageDraft
  own: Instruction[]
}

function readGlobals(
  instructions: readonly Instruction[],
  escape: string,
  { buildArgs = {}, platform }: PlanOptions,
): PlanContext['globals'] {
  const globals = new Map<string, { isSet: boolean; value: Value }>()
  for (const [name, value] of platformArguments(platform)) {
    globals.set(name, { isSet: true, value: Object.hasOwn(buildArgs, name) ? buildArgs[name] : value })
  }
  for (const { keyword, words } of instructions) {
    if (keyword !== 'ARG') break
    for (const word of words) {
      const at = word.indexOf('=')
      const name = at < 0 ? word : word.slice(0, at)
      if (Object.hasOwn(buildArgs, name)) globals.set(name, { isSet: true, value: buildArgs[name] })
      else if (at < 0) globals.set(name, { isSet: false, value: undefined })
      else
        globals.set(name, {
          isSet: true,
          value: leniently(() => expandWord(word.slice(at + 1), lookupIn(globals), escape), ''),
        })
    }
  }
  return globals
}

/** Before the first FROM and in it, an argument without a value is empty. */
const lookupIn =
  (globals: PlanContext['globals']): Lookup =>
  (name) => {
    const found = globals.get(name)
    if (!found) return undefined
    return found.isSet ? (found.value ?? UNKNOWN) : ''
  }

/** BuildKit passes over what it can't expand in an ARG before FROM. */
function leniently<T>(work: () => T, otherwise: T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof DockerfileError) return otherwise
    throw error
  }
}

/** Gives an error that knows no line this one. */
function atLine<T>(line: number, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof DockerfileError && error.line === 0) throw new DockerfileError(error.message, line)
    throw error
  }
}

function draftStages(instructions: readonly Instruction[], context: PlanContext): OwnDraft[] {
  const drafts: OwnDraft[] = []
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') {
      const draft = atLine(instruction.line, () => beginStage(instruction, drafts.length, context))
      drafts.push({ draft, own: [] })
    } else drafts.at(-1)?.own.push(instruction)
  }
  return drafts
}

function beginStage(
  { words, flags, line, text }: Instruction,
  index: number,
  context: PlanContext,
): StageDraft {
  const lookup = lookupIn(context.globals)
  const expand = (written: string): Word => ({ written, value: expandWord(written, lookup, context.escape) })
  const image = expand(words[0] ?? '')
  if (image.value === '') throw new DockerfileError(`base name (${image.written}) should not be blank`, line)
  const flag = flags.find(({ name }) => name === 'platform')
  const platform = flag && flag.value !== '' ? expand(flag.value) : undefined
  const fault = platform?.value === undefined ? undefined : checkPlatform(platform.value)
  if (fault !== undefined) throw new DockerfileError(fault, line)
  const base = image.value === undefined ? undefined : context.byName.get(image.value)?.draft
  const name = words[2]?.toLowerCase()
  const nameFault = name === undefined ? undefined : checkStageName(name)
  if (nameFault !== undefined) throw new DockerfileError(nameFault, line)
  const stage: PlannedStage & { instructions: [] } = {
    index,
    name,
    line,
    text,
    image,
    base: base?.stage,
    platform,
    needed: false,
    instructions: [],
    env: new Map(),
    envIsWhole: false,
  }
  const nothing = () => new Scope(new Map(), false)
  const draft: StageDraft = {
    stage,
    label: name ?? `stage-${index}`,
    scope: nothing(),
    container: nothing(),
    args: nothing(),
    workdir: undefined,
    base,
    triggers: [],
    sources: [],
    isDone: false,
  }
  const source: Source = { image: image.value ?? image.written, line, draft }
  context.sources.push(source)
  if (name !== undefined) context.byName.set(name, source)
  return draft
}

function findTarget(drafts: OwnDraft[], context: PlanContext, target: string | undefined): StageDraft {
  const found = target === undefined ? drafts.at(-1)?.draft : context.byName.get(target.toLowerCase())?.draft
  if (found) return found
  if (target === undefined) throw new DockerfileError('dockerfile contains no stages to build', 0)
  throw new DockerfileError(`target stage ${goQuote(target)} could not be found`, 0)
}

function linkSources(drafts: OwnDraft[], context: PlanContext): void {
  for (const { draft, own } of drafts) {
    for (const instruction of own) {
      for (const source of findSources(instruction, context)) {
        draft.sources.push(source)
        if (!source.draft) context.sources.push(source)
      }
    }
  }
}

function refuseCircles(drafts: OwnDraft[]): void {
  const visited = new Set<StageDraft>()
  for (const { draft: start } of drafts) {
    const path = new Set<StageDraft>()
    const todo: { draft: StageDraft; next: number }[] = []
    const enter = (draft: StageDraft) => {
      visited.add(draft)
      path.add(draft)
      todo.push({ draft, next: 0 })
    }
    if (!visited.has(start)) enter(start)
    for (let top = todo.at(-1); top; top = todo.at(-1)) {
      const source = top.draft.sources[top.next++]
      if (!source) {
        path.delete(top.draft)
        todo.pop()
      } else if (source.draft && path.has(source.draft)) {
        throw new DockerfileError(
          `circular dependency detected on stage: ${start.label}`,
          top.draft.stage.line,
        )
      } else if (source.draft && !visited.has(source.draft)) enter(source.draft)
    }
  }
}

function refuseNames(sources: readonly Source[]): void {
  for (const { image, line, draft } of sources) {
    if (image === 'scratch' || draft?.stage.base || (draft && draft.stage.image.value === undefined)) continue
    const fault = checkImageName(image)
    if (fault !== undefined) throw new DockerfileError(fault, line)
  }
}

function markNeeded(final: StageDraft): void {
  const todo = [final]
  for (let draft = todo.pop(); draft; draft = todo.pop()) {
    if (draft.stage.needed) continue
    draft.stage.needed = true
    if (draft.base) todo.push(draft.base)
    for (const source of draft.sources) if (source.draft) todo.push(source.draft)
  }
}

function planStage(draft: StageDraft, own: Instruction[], context: PlanContext, options: PlanOptions): void {
  draft.isDone = true
  beginScope(draft, options)
  const { stage } = draft
  for (const { text, line } of draft.base?.triggers ?? []) {
    planOne(draft, () => {
      const trigger = atLine(stage.line, () => readTrigger(text, line, context.newerFlags))
      return planInstruction(draft, trigger, context, true)
    })
  }
  for (const instruction of own) {
    planOne(draft, () => atLine(instruction.line, () => planInstruction(draft, instruction, context, false)))
  }
  stage.env = draft.container.now
  stage.envIsWhole = !draft.container.open
}

/** What is wrong in a stage that nobody needs is nobody's fault. */
function planOne({ stage }: StageDraft, plan: () => PlannedInstruction): void {
  const planned = stage.needed ? atLine(stage.line, plan) : leniently(plan, undefined)
  if (planned) stage.instructions.push(planned)
}

function beginScope(draft: StageDraft, { baseEnv }: PlanOptions): void {
  const { base, stage } = draft
  if (base) {
    draft.container = new Scope(base.container.now, base.container.open)
    draft.scope = new Scope(base.scope.now, base.scope.open)
    draft.workdir = base.workdir
    // The image's own variables are set again, so that they win over the base stage's arguments here.
    if (base.container.open) for (const name of base.scope.now.keys()) draft.scope.set(name, undefined)
    for (const [name, value] of draft.container.now) draft.scope.set(name, value)
    return
  }
  const image = stage.image.value
  const env = image === 'scratch' ? {} : image === undefined ? undefined : baseEnv?.(image)
  const known = new Map<string, Value>(Object.entries(env ?? {}))
  if (env && !known.has('PATH')) known.set('PATH', DEFAULT_PATH)
  draft.container = new Scope(known, env === undefined)
  draft.scope = new Scope(known, env === undefined)
  if (image === 'scratch') draft.workdir = '/'
}
