import { join } from 'node:path'
import * as z from 'zod'
import { Sensitive } from '../../config/sensitive.ts'
import { nearest } from '../../document/nearest.ts'
import { PlatformError, UsageError } from '../../errors.ts'
import { parse, readOptional } from './server-record.ts'
import type { Around, LocalServer } from './server.ts'
import { TimeIsUp, within } from './within.ts'

/** A fault that the embedded Beanstalk can be told to have. */
const faultSchema = z.object({
  name: z.string(),
  does: z.string(),
  /** What stands behind its colon, `milliseconds`; null when nothing does. */
  argument: z.string().nullable(),
  /** It goes on until it is cleared, unless it is armed with a number of times. */
  lasting: z.boolean(),
})

const armedSchema = z.object({
  fault: z.string(),
  left: z.union([z.number(), z.literal('forever')]),
  after: z.number(),
  probability: z.number(),
  environment: z.string().nullable(),
  action: z.string().nullable(),
  keep: z.boolean(),
  /** How often it has happened. */
  happened: z.number(),
})

/** A fault that waits for its moment; `fault` is its name, with its argument. */
export type ArmedFault = z.infer<typeof armedSchema>

const listSchema = z.object({ faults: z.array(faultSchema), armed: z.array(armedSchema) })
export type FaultList = z.infer<typeof listSchema>

/** How a fault is armed; what is left out is the server's to decide. */
export interface Arming {
  fault: string
  times?: number | 'forever' | undefined
  after?: number | undefined
  probability?: number | undefined
  environment?: string | undefined
  action?: string | undefined
  keep?: boolean | undefined
}

const refusalSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) })
const tokenSchema = z.object({ token: z.string().min(20) })

const PATH = '/_lucree/faults'
const ANSWER_WITHIN_MS = 10_000

/** What can be armed on a running server, and what is. */
export const listFaults = (server: LocalServer, around: Around): Promise<FaultList> =>
  ask(server, around, { method: 'GET' }, listSchema)

/** Throws a {@link UsageError} for a fault that there isn't, or that doesn't take what it is given. */
export async function armFault(server: LocalServer, arming: Arming, around: Around): Promise<ArmedFault> {
  const request = { method: 'POST', body: JSON.stringify(arming) }
  return (await ask(server, around, request, z.object({ armed: armedSchema }))).armed
}

/** Which faults are disarmed: those armed by the name, with or without its argument, and for the environment; what is left out means all. */
export interface Clearing {
  name: string | undefined
  environment: string | undefined
}

/** Disarms what is meant. Answers how many. */
export async function clearFaults(server: LocalServer, meant: Clearing, around: Around): Promise<number> {
  const given = Object.entries(meant).filter(([, value]) => value !== undefined)
  const query = given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
  const schema = z.object({ cleared: z.number() })
  return (await ask(server, around, { method: 'DELETE', query }, schema)).cleared
}

interface Request {
  method: string
  body?: string
  query?: string
}

async function ask<T>(
  server: LocalServer,
  around: Around,
  { method, body, query = '' }: Request,
  schema: z.ZodType<T>,
): Promise<T> {
  const token = await readToken(server)
  const answer = await within(around, ANSWER_WITHIN_MS, async (signal) => {
    const response = await fetch(`${server.url}${PATH}${query}`, {
      method,
      headers: { authorization: `Bearer ${token.reveal()}` },
      ...(body === undefined ? {} : { body }),
      signal,
    })
    return { ok: response.ok, status: response.status, text: await response.text() }
  }).catch((error: unknown) => {
    // What fetch throws when the connection breaks.
    if (error instanceof TimeIsUp || error instanceof TypeError) throw unanswered(server, error)
    throw error
  })
  const read = answer.ok ? parse(answer.text, schema) : undefined
  if (read !== undefined) return read
  throw await refused(server, around, parse(answer.text, refusalSchema)?.error, answer.status)
}

/** Stands in a file that only its owner reads; a server of an earlier version has none. */
async function readToken({ dir }: LocalServer): Promise<Sensitive> {
  const found = parse((await readOptional(join(dir, 'server.json'))) ?? '', tokenSchema)
  if (found) return new Sensitive(found.token)
  throw new PlatformError('The embedded Beanstalk takes no faults', {
    code: 'LUC-LOCAL-NO-FAULTS',
    why: 'it was started by an earlier version of lucree',
    hints: ['lucree local stop && lucree local start'],
  })
}

async function refused(
  server: LocalServer,
  around: Around,
  error: { code: string; message: string } | undefined,
  status: number,
): Promise<Error> {
  if (error?.code === 'UnknownFault') return unknownFault(error.message, await listFaults(server, around))
  if (error?.code === 'InvalidFault') {
    return new UsageError('The fault can not be armed like this', {
      code: 'LUC-LOCAL-FAULT',
      why: error.message,
      hints: ['lucree local fault list', 'lucree local fault arm --help'],
    })
  }
  return new PlatformError('The embedded Beanstalk refused', {
    code: 'LUC-LOCAL-REFUSED',
    why: error?.message ?? `it answered ${status}`,
    hints: ['lucree local status'],
  })
}

function unknownFault(message: string, { faults }: FaultList): UsageError {
  const asked = /"([^"]*)"/.exec(message)?.[1] ?? ''
  const near = nearest(
    asked,
    faults.map(({ name }) => name),
  )
  return new UsageError(`There is no fault "${asked}"`, {
    code: 'LUC-LOCAL-UNKNOWN-FAULT',
    ...(near ? { why: `did you mean ${near}?` } : {}),
    hints: [...(near ? [`lucree local fault arm ${near}`] : []), 'lucree local fault list'],
  })
}

const unanswered = ({ url }: LocalServer, cause: unknown): PlatformError =>
  new PlatformError('The embedded Beanstalk does not answer', {
    code: 'LUC-LOCAL-UNRESPONSIVE',
    why: `there was no answer from ${url}`,
    hints: ['lucree local status', 'lucree local stop && lucree local start'],
    cause,
  })
