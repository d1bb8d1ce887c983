import type { Tag as SdkTag } from '@aws-sdk/client-elastic-beanstalk'
import { ServiceError } from '../../service.ts'
import { invalidValue } from '../errors.ts'
import type { Tag } from '../state/model.ts'

/** Tags of one resource that a user may set; the service adds its own. */
const tagLimit = 50

/** Throws when a tag can't be set: no key, a reserved prefix, a key or value that is too long or has other characters. */
export function readTags(tags: readonly SdkTag[] | undefined): Tag[] {
  return (tags ?? []).map(({ Key, Value }) => {
    if (Key === undefined || Key === '' || Key.length > 128)
      throw invalidValue('Tag keys must have 1 to 128 characters.')
    if ((Value ?? '').length > 256)
      throw invalidValue(`The value of tag '${Key}' is longer than 256 characters.`)
    if (/^(aws|elasticbeanstalk):/i.test(Key))
      throw invalidValue(`Tag key '${Key}' starts with a reserved prefix.`)
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(Key + (Value ?? ''))) {
      throw invalidValue(`Tag '${Key}' contains a character that is not allowed.`)
    }
    return { key: Key, value: Value ?? '' }
  })
}

/** Later values replace earlier ones. */
export function mergeTags(tags: readonly Tag[], added: readonly Tag[], removed: readonly string[]): Tag[] {
  const merged = new Map(tags.map((tag) => [tag.key, tag]))
  for (const key of removed) merged.delete(key)
  for (const tag of added) merged.set(tag.key, tag)
  if (merged.size > tagLimit)
    throw new ServiceError('TooManyTagsException', `A resource can have at most ${tagLimit} tags.`)
  return [...merged.values()]
}

/** Beanstalk's own tags on an environment and everything that it makes for it. */
export function environmentTags(environment: { id: string; name: string }): Tag[] {
  return [
    { key: 'Name', value: environment.name },
    { key: 'elasticbeanstalk:environment-id', value: environment.id },
    { key: 'elasticbeanstalk:environment-name', value: environment.name },
  ]
}
