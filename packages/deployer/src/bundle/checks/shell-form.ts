import type { BuildPlan, PlannedInstruction } from '@lucree/docker-context'
import { chainOf } from '../dockerfile/pulled-images.ts'
import type { Warn } from './checked-source.ts'

/** Docker's official images that are Debian or Ubuntu unless their tag says otherwise. */
const DEBIAN_IMAGES =
  /(^|\/)(node|python|ruby|golang|php|rust|perl|pypy|openjdk|eclipse-temurin|debian|ubuntu|buildpack-deps|nginx|httpd|tomcat|maven|gradle|bun|deno)(:|@|$)/
const DEBIAN_TAGS = /\b(slim|trixie|bookworm|bullseye|buster|noble|jammy|focal)\b/
const OTHER_SYSTEMS =
  /alpine|distroless|busybox|amazonlinux|al2023|chainguard|wolfi|\bubi\d|windows|nanoserver/
/** These pass SIGTERM on, or end their container with it. */
const INIT = /\b(tini|dumb-init|catatonit|s6-svscan|init)\b/
/** What only a shell understands. */
const FOR_A_SHELL = /[$|&;<>*?()`~#"'\\{}[\]!=\n]/

/**
 * Warns of an array that isn't one, and of a program that a shell starts on Debian's images: dash 0.5.12 doesn't replace itself by the last command, so it is PID 1 and the
 * program never gets SIGTERM. (Run on Docker 26.1.5 in November 2026.)
 */
export function warnOfShell({ final }: BuildPlan, warn: Warn): void {
  const chain = chainOf(final)
  const instructions = chain.flatMap((stage) => stage.instructions)
  const entrypoint = instructions.findLast(({ keyword }) => keyword === 'ENTRYPOINT')
  const command = instructions.findLast(({ keyword }) => keyword === 'CMD')
  const meant = [entrypoint, command].filter((started) => started !== undefined).filter(isMeantAsArray)
  for (const started of meant) warn(noArray(started))
  if (meant.length > 0) return
  const image = chain[0]?.image.value ?? ''
  if (OTHER_SYSTEMS.test(image) || !(DEBIAN_IMAGES.test(image) || DEBIAN_TAGS.test(image))) return
  if (instructions.some(({ keyword }) => keyword === 'SHELL')) return
  if (entrypoint?.instruction.json?.some((word) => INIT.test(word))) return
  const started = entrypoint && !entrypoint.instruction.json ? entrypoint : command
  if (!started || started.instruction.json) return
  const written = started.instruction.args.trim()
  if (written === '' || /^exec\s/.test(written)) return
  warn(
    `Dockerfile:${started.line}: ${started.keyword} ${shortened(written)} is started by a shell, which doesn't pass SIGTERM on: each stop takes ten seconds and then kills the program; write ${better(started, written)}.`,
  )
}

/** `['node', 'server.js']` and the like, which a builder gives to a shell: only JSON is an array. `[ -f x ] && …` is a shell's. */
function isMeantAsArray({ instruction }: PlannedInstruction): boolean {
  return !instruction.json && /^\[[^|&;]*\]$/.test(instruction.args.trim())
}

function noArray({ keyword, line, instruction }: PlannedInstruction): string {
  const written = instruction.args.trim()
  const words = [...written.slice(1, -1).matchAll(/'([^']*)'|"([^"]*)"|([^\s,'"]+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  )
  return `Dockerfile:${line}: ${keyword} ${shortened(written)} is no JSON, so a shell looks for a program of that whole name; write ${keyword} [${words.map(quoted).join(', ')}].`
}

function better({ keyword }: PlannedInstruction, written: string): string {
  if (!FOR_A_SHELL.test(written)) return `${keyword} [${written.split(/\s+/).map(quoted).join(', ')}]`
  if (!/[|&;<>()\n]/.test(written)) return `${keyword} exec ${written}`
  return `a script that ends with exec PROGRAM, and ${keyword} ["./start.sh"]`
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}

function quoted(word: string): string {
  return JSON.stringify(word)
}
