import type { InlineFile, PlannedInstruction, Word } from './build-plan.ts'
import { checkInstruction } from './check-instruction.ts'
import { DockerfileError } from './dockerfile-error.ts'
import { expandContent, expandWord, expandWords } from './expand-word.ts'
import { findSources } from './find-source.ts'
import { goQuote } from './go-quote.ts'
import { heredocMarkIn, heredocText } from './heredoc.ts'
import { digestFault } from './image-name.ts'
import type { Instruction } from './instruction.ts'
import { MountError, readMount, type Mount } from './mount.ts'
import { parseTrigger } from './parse-dockerfile.ts'
import { joinPaths } from './paths.ts'
import { PortError, readPorts } from './ports.ts'
import { remoteSourceOf } from './remote-source.ts'
import { isSignal } from './signals.ts'
import type { Value } from './scope.ts'
import type { PlanContext, Source, StageDraft } from './stage-draft.ts'

/** What an instruction comes to, but for what all have. */
type Plan = Partial<Pick<PlannedInstruction, 'words' | 'flags' | 'files' | 'ports' | 'mounts' | 'source'>>

interface Step {
  draft: StageDraft
  instruction: Instruction
  context: PlanContext
  isTrigger: boolean
  expand: (text: string) => Value
}

const expanded = ({ expand }: Step, words: readonly string[]): Word[] =>
  words.map((written) => ({ written, value: expand(written) }))

const asWritten = (words: readonly string[]): Word[] => words.map((written) => ({ written, value: written }))

function refuse(message: string): never {
  throw new DockerfileError(message, 0)
}

type Planner = (step: Step) => Plan

const plain: Planner = ({ instruction }) => ({ words: asWritten(instruction.words) })

const allExpanded: Planner = (step) => ({ words: expanded(step, step.instruction.words) })

const env: Planner = (step) => {
  const words = expanded(step, step.instruction.words)
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [name, value] = [words[at]?.value, words[at + 1]?.value]
    step.draft.scope.set(name, value)
    step.draft.container.set(name, value)
  }
  return { words }
}

/** Arguments that only BuildKit itself reads. */
const NOT_IN_SCOPE = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE'])

const arg: Planner = ({ instruction, draft, context, expand }) => {
  const pairs = instruction.words.map((written) => {
    const at = written.indexOf('=')
    const name = expand(at < 0 ? written : written.slice(0, at))
    return {
      written,
      name,
      ...(at < 0
        ? { isSet: false, value: undefined }
        : { isSet: true, value: expand(written.slice(at + 1)) }),
    }
  })
  const words = pairs.map(({ written, name, isSet, value }): Word => {
    if (!isSet) return { written, value: name }
    return { written, value: name === undefined || value === undefined ? undefined : `${name}=${value}` }
  })
  for (const pair of pairs) {
    const { isSet, value } = argumentOf(pair, context)
    draft.args.set(pair.name, isSet ? value : undefined)
    if (isSet && !NOT_IN_SCOPE.has(pair.name ?? '')) draft.scope.set(pair.name, value)
  }
  return { words }
}

interface Argument {
  isSet: boolean
  value: Value
}

function argumentOf(pair: Argument & { name: Value }, { buildArgs, globals }: PlanContext): Argument {
  const { name, isSet, value } = pair
  if (name === undefined) return { isSet: true, value: undefined }
  if (Object.hasOwn(buildArgs, name)) return { isSet: true, value: buildArgs[name] }
  if (isSet) return { isSet, value }
  return globals.get(name) ?? { isSet: false, value: undefined }
}

const workdir: Planner = (step) => {
  const words = expanded(step, step.instruction.words)
  step.draft.workdir = joinPaths(step.draft.workdir, words[0]?.value)
  return { words }
}

const stopSignal: Planner = (step) => {
  const words = expanded(step, step.instruction.words)
  const signal = words[0]?.value
  if (signal !== undefined && !isSignal(signal)) refuse(`invalid signal: ${signal}`)
  return { words }
}

const volume: Planner = (step) => {
  const words = expanded(
    step,
    step.instruction.words.map((word) => word.trim()),
  )
  if (words.some(({ value }) => value === '')) refuse('VOLUME specified can not be an empty string')
  return { words }
}

const expose: Planner = ({ instruction, draft, context }) => {
  const read = (written: string) => expandWords(written, draft.scope.lookup, context.escape)
  // BuildKit sorts the words before it expands and reads them, which shows in what it refuses first.
  for (const value of [...instruction.words].sort().flatMap((written) => read(written) ?? [])) portsOf(value)
  const words = instruction.words.flatMap((written): Word[] => {
    const values = read(written)
    return values ? values.map((value) => ({ written, value })) : [{ written, value: undefined }]
  })
  const ports = words.flatMap(({ value }) => (value === undefined ? [] : portsOf(value)))
  return { words, ports: [...new Set(ports)] }
}

function portsOf(word: string): string[] {
  try {
    return readPorts(word)
  } catch (error) {
    if (error instanceof PortError) refuse(error.message)
    throw error
  }
}

const copy: Planner = (step) => {
  const { instruction, draft, context, expand } = step
  const { keyword, flags } = instruction
  const planned = flags.map(({ name, value: written }) => {
    const isExpanded = name === 'chown' || name === 'checksum'
    return { name, value: { written, value: isExpanded ? expand(written) : written } }
  })
  const marks = instruction.words.map((written) => ({ written, mark: heredocMarkIn(written) }))
  const words = expanded(
    step,
    marks.filter(({ mark }) => !mark).map(({ written }) => written),
  )
  const files = marks.flatMap(({ mark }) => (mark ? [inlineFile(mark.name, step)] : []))
  const checksum = planned.find(({ name }) => name === 'checksum')?.value.value
  if (checksum !== undefined && checksum !== '') checkChecksum(checksum, words.slice(0, -1))
  const [source] = findSources(instruction, context)
  if (source && !canBeRead(source, step)) {
    const from = flags.find(({ name }) => name === 'from')?.value ?? ''
    const label = goQuote(draft.label)
    refuse(`cannot copy from stage ${goQuote(from)}, it needs to be defined before current stage ${label}`)
  }
  if (keyword === 'COPY') for (const { value } of words.slice(0, -1)) refuseRemote(value)
  return { words, flags: planned, files, source: source?.draft?.stage }
}

/** A stage that comes before; an image, too, but in an ONBUILD trigger. */
function canBeRead({ draft: source, image }: Source, { draft, context, isTrigger }: Step): boolean {
  if (source) return source.isDone && (source.stage.needed || !draft.stage.needed)
  return !isTrigger || context.sources.some((known) => !known.draft && known.image === image)
}

function inlineFile(name: string, { instruction, draft }: Step): InlineFile {
  // Of two with one name BuildKit takes the last for both.
  const heredoc = instruction.heredocs.findLast((each) => each.name === name)
  if (!heredoc) return { name, content: '' }
  const text = heredocText(heredoc)
  return { name, content: heredoc.expand ? expandContent(text, draft.scope.lookup) : text }
}

function checkChecksum(checksum: string, sources: readonly Word[]): void {
  const fault = digestFault(checksum)
  if (fault !== undefined) refuse(fault)
  if (sources.length !== 1) refuse("checksum can't be specified for multiple sources")
  const [source] = sources
  if (source?.value !== undefined && !/^https?:\/\//.test(source.value)) {
    refuse("checksum can't be specified for non-HTTP sources")
  }
}

function refuseRemote(source: Value): void {
  const kind = source === undefined ? undefined : remoteSourceOf(source)
  if (kind === 'git') refuse("source can't be a git ref for COPY")
  if (kind === 'http') refuse("source can't be a URL for COPY")
}

const run: Planner = (step) => {
  const { instruction, context, expand } = step
  if (instruction.json?.length === 0) refuse('failed to marshal LLB definition: arguments are required')
  const sources = findSources(instruction, context)
  const written = instruction.flags.filter(({ name }) => name === 'mount')
  const mounts = written.map(({ value }, index) => {
    const mount = readMountOf(value, expand)
    const source = sources[index]
    const isUsed = mount.from !== '' || mount.type === 'cache'
    if (isUsed && source && !canBeRead(source, step)) {
      const from = goQuote(mount.from === '' ? 'scratch' : mount.from)
      const target = goQuote(mount.target ?? '')
      refuse(`cannot mount from stage ${from} to ${target}, stage needs to be defined before current command`)
    }
    const hasTarget = mount.type === 'bind' || mount.type === 'cache' || mount.type === 'tmpfs'
    if (hasTarget && joinPaths(step.draft.workdir, mount.target) === '/') refuse('invalid mount target "/"')
    return { ...mount, stage: mount.from === '' ? undefined : source?.draft?.stage }
  })
  return { words: asWritten(instruction.words), mounts }
}

function readMountOf(text: string, expand: Step['expand']): Mount {
  try {
    return readMount(text, expand)
  } catch (error) {
    if (error instanceof MountError) refuse(error.message)
    throw error
  }
}

const onbuild: Planner = (step) => {
  const { draft, instruction } = step
  // A trigger is read anew, as a file of one instruction.
  const parts = [instruction.text.replace(/^ONBUILD\s*/i, '')]
  for (const { content, name } of instruction.heredocs) parts.push(`\n${content}${name}`)
  draft.triggers.push({ text: parts.join(''), line: instruction.line })
  return plain(step)
}

const PLANNERS: Record<string, Planner> = {
  ADD: copy,
  ARG: arg,
  COPY: copy,
  ENV: env,
  EXPOSE: expose,
  LABEL: allExpanded,
  ONBUILD: onbuild,
  RUN: run,
  STOPSIGNAL: stopSignal,
  USER: allExpanded,
  VOLUME: volume,
  WORKDIR: workdir,
}

/** Plans one instruction and lets the stage know of what it changes. Throws {@link DockerfileError} with the line 0. */
export function planInstruction(
  draft: StageDraft,
  instruction: Instruction,
  context: PlanContext,
  isTrigger: boolean,
): PlannedInstruction {
  const { keyword, line, flags } = instruction
  const { scope, args } = draft
  const [before, argsBefore] = [scope.length, args.length]
  const expand = (text: string) => expandWord(text, scope.lookup, context.escape)
  const plan = (PLANNERS[keyword] ?? plain)({ draft, instruction, context, isTrigger, expand })
  return {
    instruction,
    keyword,
    line,
    isTrigger,
    words: [],
    flags: flags.map(({ name, value }) => ({ name, value: { written: value, value } })),
    files: [],
    ports: [],
    mounts: [],
    source: undefined,
    ...plan,
    get env() {
      return scope.at(before)
    },
    get args() {
      return args.at(argsBefore)
    },
  }
}

/** Reads the triggers of the stage that this one is FROM. Throws {@link DockerfileError} with the line of the FROM. */
export function readTrigger(text: string, line: number, newerFlags: boolean): Instruction {
  const trigger = parseTrigger(text)
  const fault = checkInstruction(trigger, newerFlags)
  if (fault !== undefined) refuse(fault)
  return { ...trigger, line, endLine: line }
}
