import { MalformedPolicy, readPolicy, type PolicyKind } from '../../authorization/policy.ts'
import { ServiceError } from '../service.ts'

export const noSuchEntity = (message: string) => new ServiceError('NoSuchEntity', message, 404)
export const noRole = (name: string) => noSuchEntity(`The role with name ${name} cannot be found.`)
export const noUser = (name: string) => noSuchEntity(`The user with name ${name} cannot be found.`)
export const noProfile = (name: string) => noSuchEntity(`Instance Profile ${name} cannot be found.`)
export const alreadyExists = (message: string) => new ServiceError('EntityAlreadyExists', message, 409)
export const deleteConflict = (what: string) =>
  new ServiceError('DeleteConflict', `Cannot delete entity, must ${what} first.`, 409)
export const limitExceeded = (message: string) => new ServiceError('LimitExceeded', message, 409)
export const invalidInput = (message: string) => new ServiceError('InvalidInput', message)
export const invalid = (message: string) => new ServiceError('ValidationError', message)

/** What belongs to AWS can't be changed by the account's users. */
export const unmodifiable = (role: string) =>
  new ServiceError(
    'UnmodifiableEntity',
    `Cannot perform the operation on the protected role '${role}' - this role is only modifiable by AWS`,
  )

/** Throws ServiceError `MalformedPolicyDocument` unless the text is a policy that can be stored. */
export function checkDocument(text: string, kind: PolicyKind = 'identity'): string {
  try {
    readPolicy(text, kind)
    return text
  } catch (cause) {
    if (cause instanceof MalformedPolicy)
      throw new ServiceError('MalformedPolicyDocument', cause.message, 400, { cause })
    throw cause
  }
}
