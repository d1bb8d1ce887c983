import { cutAtBlank } from './blank.ts'
import { checkFlags } from './check-flags.ts'
import { checkDuration } from './duration.ts'
import { goQuote } from './go-quote.ts'
import { heredocMarkIn } from './heredoc.ts'
import type { Instruction } from './instruction.ts'
import { checkMountsBefore } from './mount.ts'
import { suggestion } from './suggestion.ts'

type Check = (instruction: Instruction, newerFlags: boolean) => string | undefined

const flags: Check = ({ keyword, flags }, newer) => checkFlags(keyword, flags, newer)

const oneArgument: Check = (instruction, newer) =>
  instruction.words.length === 1
    ? flags(instruction, newer)
    : `${instruction.keyword} requires exactly one argument`

const someArguments: Check = (instruction, newer) =>
  instruction.words.length === 0
    ? `${instruction.keyword} requires at least one argument`
    : flags(instruction, newer)

const pairs: Check = (instruction, newer) => {
  const { keyword, words } = instruction
  const fault = flags(instruction, newer)
  if (fault !== undefined) return fault
  if (words.length === 0) return `${keyword} requires at least one argument`
  const names = words.filter((_, index) => index % 2 === 0)
  return names.includes('') ? `${keyword} names can not be blank` : undefined
}

const arg: Check = ({ words }) => {
  if (words.length === 0) return 'ARG requires at least one argument'
  return words.some((word) => word.startsWith('=')) ? 'ARG names can not be blank' : undefined
}

const copy: Check = (instruction, newer) => {
  const { keyword, words } = instruction
  const target = words.at(-1)
  if (target === undefined || words.length < 2) {
    return `${keyword} requires at least two arguments, but only one was provided. Destination could not be determined`
  }
  const fault = flags(instruction, newer)
  if (fault !== undefined) return fault
  return heredocMarkIn(target) && `${keyword} cannot accept a heredoc as a destination`
}

const from: Check = (instruction, newer) => {
  const { words } = instruction
  const [, as, name] = words
  if (words.length === 3 && as?.toUpperCase() === 'AS') {
    if (!/^[a-z][a-z0-9\-_.]*$/.test((name ?? '').toLowerCase())) {
      return `invalid name for build stage: ${goQuote(name ?? '')}, name can't start with a number or contain symbols`
    }
  } else if (words.length !== 1) return 'FROM requires either one or three arguments'
  return flags(instruction, newer)
}

const healthcheck: Check = (instruction, newer) => {
  const { words, flags: written } = instruction
  const [kind, ...command] = words
  if (kind === undefined) return 'HEALTHCHECK requires at least one argument'
  const upper = kind.toUpperCase()
  if (upper === 'NONE') return command.length > 0 ? 'HEALTHCHECK NONE takes no arguments' : undefined
  const fault = flags(instruction, newer)
  if (fault !== undefined) return fault
  if (upper !== 'CMD') return `Unknown type ${goQuote(upper)} in HEALTHCHECK (try CMD)`
  if (command.length === 0) return 'Missing command after HEALTHCHECK CMD'
  for (const name of ['interval', 'timeout', 'start-period', 'start-interval']) {
    const flag = written.find((each) => each.name === name)
    const wrong = flag && checkDuration(flag.value, name)
    if (wrong !== undefined) return wrong
  }
  return checkRetries(written.find(({ name }) => name === 'retries')?.value ?? '')
}

function checkRetries(text: string): string | undefined {
  if (text === '') return undefined
  const refused = (why: string) => `strconv.ParseInt: parsing ${goQuote(text)}: ${why}`
  if (!/^[+-]?\d+$/.test(text)) return refused('invalid syntax')
  const count = Number(text)
  if (count > 2 ** 31 - 1 || count < -(2 ** 31)) return refused('value out of range')
  return count < 0 ? `--retries cannot be negative (${count})` : undefined
}

const onbuild: Check = (instruction, newer) => {
  const [inner] = instruction.words
  if (inner === undefined) return 'ONBUILD requires at least one argument'
  const fault = flags(instruction, newer)
  if (fault !== undefined) return fault
  const keyword = inner.toUpperCase()
  if (keyword === 'ONBUILD') return "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"
  if (keyword === 'MAINTAINER' || keyword === 'FROM') return `${keyword} isn't allowed as an ONBUILD trigger`
  return undefined
}

const run: Check = (instruction, newer) => {
  const fault = flags(instruction, newer)
  if (fault !== undefined) return fault
  const mounts = instruction.flags.filter(({ name }) => name === 'mount').map(({ value }) => value)
  const wrong = checkMountsBefore(mounts)
  if (wrong !== undefined) return wrong
  const network = instruction.flags.find(({ name }) => name === 'network')?.value ?? 'default'
  return ['default', 'none', 'host'].includes(network)
    ? undefined
    : `invalid network mode ${goQuote(network)}`
}

const shell: Check = (instruction, newer) => {
  const fault = flags(instruction, newer)
  if (fault !== undefined) return fault
  if (instruction.words.length === 0) return 'SHELL requires at least one argument'
  return instruction.json ? undefined : 'SHELL requires the arguments to be in JSON form'
}

const volume: Check = (instruction, newer) =>
  someArguments(instruction, newer) ??
  (instruction.words.some((word) => word.trim() === '')
    ? 'VOLUME specified can not be an empty string'
    : undefined)

const CHECKS: Record<string, Check> = {
  ADD: copy,
  ARG: arg,
  CMD: flags,
  COPY: copy,
  ENTRYPOINT: flags,
  ENV: pairs,
  EXPOSE: someArguments,
  FROM: from,
  HEALTHCHECK: healthcheck,
  LABEL: pairs,
  MAINTAINER: oneArgument,
  ONBUILD: onbuild,
  RUN: run,
  SHELL: shell,
  STOPSIGNAL: oneArgument,
  USER: oneArgument,
  VOLUME: volume,
  WORKDIR: oneArgument,
}

/** What BuildKit says against an instruction before it knows any variable; undefined when nothing. */
export function checkInstruction(instruction: Instruction, newerFlags: boolean): string | undefined {
  const { keyword, text } = instruction
  const check = Object.hasOwn(CHECKS, keyword) ? CHECKS[keyword] : undefined
  if (check) return check(instruction, newerFlags)
  const [written] = cutAtBlank(text) ?? [text]
  return `unknown instruction: ${written}${suggestion(written, Object.keys(CHECKS), false)}`
}
