import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

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
