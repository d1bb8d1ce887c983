import { constraintViolated, invalidValue } from '../errors.ts'

/** Constraint of a member of the service's model (botocore's `elasticbeanstalk/2010-12-01`), by the member's name, which means the same everywhere. */
interface Constraint {
  min?: number
  max?: number
  choices?: string[]
}

const severities = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']

const lengths: Record<string, Constraint> = {
  ApplicationName: { min: 1, max: 100 },
  VersionLabel: { min: 1, max: 100 },
  TemplateName: { min: 1, max: 100 },
  Description: { max: 200 },
  EnvironmentName: { min: 4, max: 40 },
  CNAMEPrefix: { min: 4, max: 63 },
  GroupName: { min: 1, max: 19 },
  OperationsRole: { min: 1, max: 256 },
  S3Bucket: { max: 255 },
  S3Key: { max: 1024 },
  ResourceName: { min: 1, max: 256 },
  Severity: { choices: severities },
  InfoType: { choices: ['tail', 'bundle', 'analyze'] },
}

const ranges: Record<string, { min: number; max?: number }> = { MaxRecords: { min: 1, max: 1000 } }

/** Throws the first violation of the model's constraints in `input`, and of `required` members that are missing. Nested structures are walked. */
export function checkParameters(input: object, required: readonly string[]): void {
  const members = input as Record<string, unknown>
  for (const name of required) {
    if (members[name] === undefined) throw constraintViolated('null', name, 'Member must not be null')
  }
  walk(members)
  checkEnvironmentName(members['EnvironmentName'])
  checkPrefix(members['CNAMEPrefix'])
}

function walk(members: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(members)) {
    if (typeof value === 'string') checkText(name, value)
    else if (typeof value === 'number') checkNumber(name, value)
    else if (Array.isArray(value)) value.filter(isStructure).forEach(walk)
    else if (isStructure(value)) walk(value)
  }
}

function checkText(name: string, value: string): void {
  const { min, max, choices } = lengths[name] ?? {}
  const shown = `'${value}'`
  if (min !== undefined && value.length < min) {
    throw constraintViolated(shown, name, `Member must have length greater than or equal to ${min}`)
  }
  if (max !== undefined && value.length > max) {
    throw constraintViolated(shown, name, `Member must have length less than or equal to ${max}`)
  }
  if (choices !== undefined && !choices.includes(value)) {
    throw constraintViolated(shown, name, `Member must satisfy enum value set: [${choices.join(', ')}]`)
  }
}

function checkNumber(name: string, value: number): void {
  const range = ranges[name]
  if (range === undefined) return
  if (value < range.min) {
    throw constraintViolated(
      `'${value}'`,
      name,
      `Member must have value greater than or equal to ${range.min}`,
    )
  }
  if (range.max !== undefined && value > range.max) {
    throw constraintViolated(`'${value}'`, name, `Member must have value less than or equal to ${range.max}`)
  }
}

const dashRule =
  'Member must contain only letters, digits, and the dash character and may not start or end with a dash'

function checkEnvironmentName(name: unknown): void {
  if (typeof name !== 'string' || /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/.test(name)) return
  throw invalidValue(`Value ${name} at 'EnvironmentName' failed to satisfy constraint: ${dashRule}`)
}

function checkPrefix(prefix: unknown): void {
  if (typeof prefix !== 'string' || /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/.test(prefix)) return
  throw invalidValue(`Value ${prefix} at 'CNAMEPrefix' failed to satisfy constraint: ${dashRule}`)
}

function isStructure(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Date) && !Array.isArray(value)
}
