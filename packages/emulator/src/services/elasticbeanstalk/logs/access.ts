import { appendFile } from 'node:fs/promises'
import type { FrontRequest } from '../../../runtime/front.ts'
import { accessLogLine } from '../../../runtime/front/access-log.ts'
import type { Context } from '../context.ts'
import { instanceDirectories } from '../instance/directories.ts'
import type { Environment, Instance } from '../state/model.ts'
import { refusedConnection } from './nginx-log.ts'

/** What nginx on the instance that answered writes of a request, and, when its application didn't take it, why. */
export function createAccessLogger(
  context: () => Context,
): (environmentId: string, request: FrontRequest) => void {
  const append = createAppender((error) =>
    context().log(`An access log could not be written: ${error.message}`),
  )
  return (environmentId, request) => {
    const instance = answererOf(context().store.environment(environmentId), request)
    if (instance === undefined) return
    context().metrics.add(instance.id, request)
    const { accessLog, errorLog } = instanceDirectories(context().instancesDir, instance.id)
    append(accessLog, `${accessLogLine(request)}\n`)
    if (request.status !== 502) return
    append(errorLog, refusedConnection(request.path, instance.launch?.port ?? 80, request.at))
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

/** A request that no application took was answered by the nginx of an instance in service all the same. */
function answererOf(
  environment: Environment | undefined,
  { target, status }: FrontRequest,
): Instance | undefined {
  const serving = environment?.instances.filter(({ container }) => container !== undefined) ?? []
  const answered = serving.find(({ container }) => container?.id === target)
  if (answered !== undefined || status !== 502) return answered
  return serving.find(({ inService }) => inService)
}
