import { ServiceError } from '../service.ts'

/** A value that the service refuses: the code of most of Beanstalk's refusals. */
export const invalidValue = (message: string) => new ServiceError('InvalidParameterValue', message)

/** Values that are fine alone and not together, and sources that can't be read. */
export const invalidCombination = (message: string) =>
  new ServiceError('InvalidParameterCombination', message)

export const missingParameter = (message: string) => new ServiceError('MissingParameter', message)

/** A member that breaks the model's own constraints, in the words of the AWS front end. */
export const constraintViolated = (value: string, member: string, constraint: string) =>
  new ServiceError(
    'ValidationError',
    `1 validation error detected: Value ${value} at '${lowerFirst(member)}' failed to satisfy constraint: ${constraint}`,
  )

export const invalidConfiguration = (message: string) =>
  new ServiceError('ConfigurationValidationException', `Configuration validation exception: ${message}`)

/** Enhanced health was asked of an environment that reports basic health, or with a wrong attribute. */
export const invalidRequest = (message: string) => new ServiceError('InvalidRequestException', message)

export const notReady = (environment: string) =>
  invalidValue(`Environment named ${environment} is in an invalid state for this operation. Must be Ready.`)

/** Nothing goes on that could be stopped. The text is ours. */
export const notAbortable = (environment: string) =>
  invalidValue(
    `Environment named ${environment} is in an invalid state for this operation. Must be Updating.`,
  )

export const noApplication = (name: string) => invalidValue(`No Application named '${name}' found.`)

export const noVersion = (label: string) => invalidValue(`No Application Version named '${label}' found.`)

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}
