import * as z from 'zod'
import { S3Error } from './errors.ts'

const OneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())])

/** As much of a bucket policy as is honoured: what everyone is denied. */
const Policy = z.object({
  Version: z.string().optional(),
  Statement: z.preprocess(
    (statements): unknown => (Array.isArray(statements) ? statements : [statements]),
    z.array(
      z.object({
        Effect: z.enum(['Allow', 'Deny']),
        Principal: z.union([z.string(), z.record(z.string(), OneOrMore)]).optional(),
        Action: OneOrMore.optional(),
        Resource: OneOrMore.optional(),
      }),
    ),
  ),
})

/** Throws S3Error `MalformedPolicy` unless the text is a policy document. */
export function checkPolicy(text: string): void {
  const read = Policy.safeParse(parse(text))
  if (!read.success)
    throw new S3Error('MalformedPolicy', `Policies must be valid JSON: ${read.error.issues[0]?.message}`)
}

/** Tells whether a policy denies everyone an action on a resource. Conditions aren't looked at: a conditional deny denies. */
export function denies(text: string, action: string, resource: string): boolean {
  return Policy.parse(parse(text)).Statement.some(
    (statement) =>
      statement.Effect === 'Deny' &&
      isEveryone(statement.Principal) &&
      (statement.Action ?? []).some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
      (statement.Resource ?? []).some((pattern) => matches(pattern, resource)),
  )
}

type Principal = string | Record<string, string[]> | undefined

const isEveryone = (principal: Principal): boolean =>
  principal === '*' || (typeof principal === 'object' && Boolean(principal['AWS']?.includes('*')))

/** `*` is any run of characters, `?` any one. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(text)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new S3Error('MalformedPolicy', "Policies must be valid JSON and the first byte must be '{'")
  }
}
