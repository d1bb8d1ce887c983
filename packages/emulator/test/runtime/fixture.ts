import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { systemClock } from '../../src/clock.ts'

/** A directory that goes when the test ends. */
export async function scratch(): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'lucree-runtime-')))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** Writes files by their relative names; the directory is made when it isn't given. */
export async function filesIn(files: Record<string, string>, directory?: string): Promise<string> {
  const into = directory ?? (await scratch())
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(into, name)), { recursive: true })
    await writeFile(join(into, name), content)
  }
  return into
}

/** Asks again until the answer is there, for at most `ms` milliseconds. */
export async function eventually<T>(
  ask: () => Promise<T | undefined> | T | undefined,
  ms = 10_000,
): Promise<T> {
  const end = Date.now() + ms
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > end) throw new Error(`nothing within ${ms} ms`)
    await systemClock.sleep(20)
  }
}

/** The body of an HTTP answer; undefined when nobody answers. */
export async function bodyOf(port: number, path = '/'): Promise<string | undefined> {
  try {
    return await (
      await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(2_000) })
    ).text()
  } catch {
    return undefined
  }
}
