import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Sandbox } from './sandbox.ts'

/** A moment of a deploy, as `--json --follow` tells it: a stage that begins, or one that has ended when the next thing isn't told. */
export interface Moment {
  kind: 'stage-started' | 'stage-done' | 'plan'
  stage?: string
}

/** How a deploy ended that was held at a moment. */
export interface Held {
  /** Null when it was killed. */
  code: number | null
  /** All that it told, a document a line; the last is the result. */
  documents: Record<string, unknown>[]
  stderr: string
}

/**
 * Starts a deploy, stops the process (SIGSTOP) as soon as it tells the moment, does something to the world, and lets it go on. What is done there
 * meets the stage at its beginning on a machine of any speed, which a sleep would not.
 */
export async function deployHeldAt(
  sandbox: Sandbox,
  cwd: string,
  { kind, stage }: Moment,
  meanwhile: (deploy: ChildProcess) => Promise<void> | void,
): Promise<Held> {
  const child = sandbox.start(['deploy', '--local', '--json', '--follow'], { cwd })
  const documents: Record<string, unknown>[] = []
  let stderr = ''
  let held = false
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const exit = once(child, 'close') as Promise<[number | null]>
  for await (const line of createInterface({ input: child.stdout! })) {
    const document = JSON.parse(line) as Record<string, unknown>
    documents.push(document)
    if (held || document['kind'] !== kind || document['stage'] !== stage) continue
    held = true
    child.kill('SIGSTOP')
    await meanwhile(child)
    child.kill('SIGCONT')
  }
  const [code] = await exit
  if (!held)
    throw new Error(`it never came to ${kind} ${stage}: ${JSON.stringify(documents.at(-1))} ${stderr}`)
  return { code, documents, stderr }
}
