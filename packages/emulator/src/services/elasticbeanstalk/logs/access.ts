import { appendFile } from 'node:fs/promises'
import type { FrontRequest } from '../../../runtime/front.ts'
import { accessLogLine } from '../../../runtime/front/access-log.ts'
import type { Context } from '../context.ts'
import { instanceDirectories } from '../instance/directories.ts'
import { complaint } from './nginx-log.ts'

/** What nginx on the instance that answered writes of a request, and, when its application didn't take it, why. */
export function createAccessLogger(
  context: () => Context,
): (environmentId: string, request: FrontRequest) => void {
  const append = createAppender((error) =>
    context().log(`An access log could not be written: ${error.message}`),
  )
  return (environmentId, request) => {
    // What no instance's nginx saw is in no log of an instance.
    const { instances = [] } = context().store.environment(environmentId) ?? {}
    const instance = instances.find(({ container }) => container?.id === request.target)
    if (instance === undefined) return
    context().metrics.add(instance.id, request)
    const { accessLog, errorLog } = instanceDirectories(context().instancesDir, instance.id)
    append(accessLog, `${accessLogLine(request)}\n`)
    if (request.error === undefined) return
    append(errorLog, complaint(request.error, request, instance.launch?.port ?? 80))
  }
}

/** Adds to files in order; what comes while a file is written goes there in one piece afterwards. */
function createAppender(onError: (error: Error) => void): (path: string, text: string) => void {
  const waiting = new Map<string, string[]>()
  const writing = new Set<string>()
  const write = async (path: string) => {
    writing.add(path)
    try {
      for (let lines = waiting.get(path); lines !== undefined; lines = waiting.get(path)) {
        waiting.delete(path)
        await appendFile(path, lines.join(''), { mode: 0o600 })
      }
    } catch (error) {
      onError(error as Error)
    } finally {
      writing.delete(path)
    }
  }
  return (path, text) => {
    const lines = waiting.get(path)
    if (lines === undefined) waiting.set(path, [text])
    else lines.push(text)
    if (!writing.has(path)) void write(path)
  }
}
