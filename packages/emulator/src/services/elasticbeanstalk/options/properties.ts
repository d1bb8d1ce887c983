import type { Setting } from '../state/model.ts'
import { propertyNamespace, secretNamespace } from './table.ts'
import type { Problem } from './validate.ts'

/** Bytes of all properties together, each as `key=value`: the limit of the CloudFormation parameter that carries them. */
export const propertyLimit = 4096

const namePattern = /^[A-Za-z0-9_.:/+\\@-]+$/
const secretArn = /^arn:aws[\w-]*:(secretsmanager:[\w-]+:\d{12}:secret:.+|ssm:[\w-]+:\d{12}:parameter\/?.+)$/

/** Names, ARNs, clashes and the size of environment properties. What is said names the property and never its value. */
export function checkProperties(settings: readonly Setting[]): Problem[] {
  const plain = settings.filter((setting) => setting.namespace === propertyNamespace)
  const secret = settings.filter((setting) => setting.namespace === secretNamespace)
  return [
    ...[...plain, ...secret].flatMap(checkName),
    ...secret.flatMap(checkArn),
    ...secret.filter((one) => plain.some((other) => other.name === one.name)).map(clash),
    ...checkSize([...plain, ...secret]),
  ]
}

function checkName(setting: Setting): Problem[] {
  if (namePattern.test(setting.name)) return []
  const allowed =
    'Environment property names can only contain alphanumeric characters and the symbols _ . : / + \\ - @'
  return [
    error(
      setting,
      `Invalid option specification (Namespace: '${setting.namespace}', OptionName: '${setting.name}'): ${allowed}.`,
    ),
  ]
}

function checkArn(setting: Setting): Problem[] {
  if (secretArn.test(setting.value)) return []
  const reason = 'Value must be the ARN of a Secrets Manager secret or a Systems Manager parameter.'
  return [
    error(
      setting,
      `Invalid option value (Namespace: '${setting.namespace}', OptionName: '${setting.name}'): ${reason}`,
    ),
  ]
}

function clash(setting: Setting): Problem {
  return error(
    setting,
    `The environment property '${setting.name}' is defined both as a plain value and as a secret.`,
  )
}

function checkSize(properties: readonly Setting[]): Problem[] {
  const bytes = properties.reduce((sum, { name, value }) => sum + Buffer.byteLength(`${name}=${value}`), 0)
  if (bytes <= propertyLimit) return []
  const message = `The combined size of EnvironmentVariables is ${bytes} bytes and exceeds ${propertyLimit}, the maximum allowed.`
  return [{ severity: 'error', namespace: propertyNamespace, name: 'EnvironmentVariables', message }]
}

function error({ namespace, name }: Setting, message: string): Problem {
  return { severity: 'error', namespace, name, message }
}
