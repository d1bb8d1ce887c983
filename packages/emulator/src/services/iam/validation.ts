import { invalid, invalidInput } from './errors.ts'
import type { Tag } from './state.ts'

const NAME = /^[\w+=,.@-]+$/
const MAX_TAGS = 50

/** Checks the name of an entity. Throws ServiceError `ValidationError` in the front end's words. */
export function checkName(name: string | undefined, member: string, longest: number): string {
  const text = name ?? ''
  if (text.length > longest)
    throw constraint(text, member, `Member must have length less than or equal to ${longest}`)
  if (text === '') throw constraint(text, member, 'Member must have length greater than or equal to 1')
  if (!NAME.test(text)) {
    throw invalid(
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    )
  }
  return text
}

/** A path starts and ends with a slash; `/` when none is given. */
export function checkPath(path: string | undefined): string {
  const text = path ?? '/'
  if (/^\/(?:[!-~]{1,510}\/)?$/.test(text)) return text
  throw invalid(
    'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
  )
}

/** Tags of a request; several of the same key are refused. */
export function readTags(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Tag[] {
  const read = (tags ?? []).map(({ Key = '', Value = '' }, index): Tag => {
    const member = `tags.${index + 1}.member`
    if (Key.length < 1 || Key.length > 128)
      throw constraint(Key, `${member}.key`, 'Member must have length less than or equal to 128')
    if (Value.length > 256)
      throw constraint(Value, `${member}.value`, 'Member must have length less than or equal to 256')
    const pattern = String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]+`
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(Key + Value))
      throw constraint(Key, `${member}.key`, `Member must satisfy regular expression pattern: ${pattern}`)
    if (/^aws:/i.test(Key)) throw invalidInput('Tag keys beginning with aws: are reserved for system use.')
    return { key: Key, value: Value }
  })
  if (new Set(read.map(({ key }) => key.toLowerCase())).size < read.length)
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  return limited(read)
}

/** Later values replace earlier ones. */
export function mergeTags(tags: readonly Tag[], added: readonly Tag[]): Tag[] {
  const merged = new Map([...tags, ...added].map((tag) => [tag.key, tag]))
  return limited([...merged.values()])
}

function limited(tags: Tag[]): Tag[] {
  if (tags.length <= MAX_TAGS) return tags
  throw invalid(
    `1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to ${MAX_TAGS}`,
  )
}

export const tagsOut = (tags: readonly Tag[]) => tags.map(({ key, value }) => ({ Key: key, Value: value }))

const constraint = (value: string, member: string, what: string) =>
  invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${what}`,
  )
