import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Sandbox } from './sandbox.ts'

/** A command that was started with `--json --follow` and stopped (SIGSTOP) at a moment that it told. */
export interface HeldProcess {
  child: ChildProcess
  /** All that it has written so far. */
  heard: () => string
  /** Waits for its end; `last` is the last document that it wrote. */
  ends: <T>() => Promise<{ code: number | null; signal: string | null; last: T }>
}

/** Resolves once the command has told what `isMoment` waits for, and is stopped; SIGCONT lets it go on. */
export async function heldAt(
  child: ChildProcess,
  isMoment: (document: Record<string, unknown>) => boolean,
): Promise<HeldProcess> {
  let heard = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (heard += text))
  const documents: Record<string, unknown>[] = []
  const closed = once(child, 'close') as Promise<[number | null, string | null]>
  await new Promise<void>((resolve, reject) => {
    const lines = createInterface({ input: child.stdout! })
    let isHeld = false
    lines.on('line', (line) => {
      const document = JSON.parse(line) as Record<string, unknown>
      documents.push(document)
      heard += `${line}\n`
      if (isHeld || !isMoment(document)) return
      isHeld = true
      child.kill('SIGSTOP')
      resolve()
    })
    lines.on('close', () => reject(new Error(`that moment never came: ${heard}`)))
  })
  return {
    child,
    heard: () => heard,
    ends: async <T>() => {
      const [code, signal] = await closed
      return { code, signal, last: documents.at(-1) as T }
    },
  }
}

/** A moment of a deploy, as `--json --follow` tells it: a stage that begins, or one that has ended when the next thing isn't told. */
export interface Moment {
  kind: 'stage-started' | 'stage-done' | 'plan'
  stage?: string
  /** Further words of the command, without which the moment would be none. */
  words?: string[]
}

/** How a deploy ended that was held at a moment. */
export interface Held<Result> {
  /** Null when it was killed. */
  code: number | null
  /** The last document that it wrote: its result, when it wasn't killed. */
  last: Result
  /** All that it wrote. */
  heard: string
}

/**
 * Starts a deploy, holds it as soon as it tells the moment, does something to the world, and lets it go on. What is done there meets the stage at its
 * beginning on a machine of any speed, which a sleep would not.
 */
export async function deployHeldAt<Result = Record<string, unknown>>(
  sandbox: Sandbox,
  cwd: string,
  { kind, stage, words = [] }: Moment,
  meanwhile: (deploy: ChildProcess) => Promise<void> | void,
): Promise<Held<Result>> {
  const child = sandbox.start(['deploy', '--local', '--json', '--follow', ...words], { cwd })
  const held = await heldAt(child, (document) => document['kind'] === kind && document['stage'] === stage)
  try {
    await meanwhile(child)
  } finally {
    child.kill('SIGCONT')
  }
  const { code, last } = await held.ends<Result>()
  return { code, last, heard: held.heard() }
}
