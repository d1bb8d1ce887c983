import { UsageError } from '../errors.ts'
import type { Sensitive } from './sensitive.ts'
import { variableNameRule } from './variable-name.ts'

/** All environment properties of an environment together, each counted as `NAME=value`: a limit of the platform. */
const MOST_BYTES = 4096

/** Refuses a name that Beanstalk would refuse, with one that it would take. */
export function checkVariableName(name: string): void {
  if (variableNameRule.test(name)) return
  const suggestion = name
    .toUpperCase()
    .replace(/[^A-Z0-9_]+/g, '_')
    .slice(0, 128)
    .replace(/^_+|_+$/g, '')
  throw new UsageError(`Beanstalk refuses the variable name ${JSON.stringify(name)}`, {
    code: 'LUC-USAGE-VARIABLE-NAME',
    why: 'a name has 1 to 128 letters, digits and characters of _ . : / + \\ - @',
    hints: suggestion ? [`For example: ${suggestion}`] : ['For example: API_TOKEN'],
  })
}

/** Refuses a value that would not arrive in the container byte for byte. The value itself is never part of the message. */
export function checkVariableValue(name: string, value: Sensitive): void {
  const refusal = refusalOf(value.reveal())
  if (!refusal) return
  throw new UsageError(`${name} can't be set: ${refusal.what}`, {
    code: refusal.code,
    why: refusal.why,
    hints: [refusal.mend.replaceAll('NAME', name)],
  })
}

function refusalOf(value: string): { what: string; code: string; why: string; mend: string } | undefined {
  if (value === '') {
    return {
      what: 'its value is empty',
      code: 'LUC-USAGE-VALUE-EMPTY',
      why: 'Beanstalk can’t hold an empty property',
      mend: 'To take it away: lucree env unset NAME',
    }
  }
  if (/[\r\n]/.test(value)) {
    return {
      what: 'its value has more than one line',
      code: 'LUC-USAGE-VALUE-LINES',
      why: 'a property reaches the container as one line of a file',
      mend: 'Encode it into one line and let the application decode it: base64 -w0 FILE | lucree env set NAME',
    }
  }
  // eslint-disable-next-line no-control-regex -- these are the characters that are looked for
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(value)) {
    return {
      what: 'its value holds a control character',
      code: 'LUC-USAGE-VALUE-CONTROL',
      why: 'the platform’s own files can’t carry it',
      mend: 'Encode it and let the application decode it: base64 -w0 FILE | lucree env set NAME',
    }
  }
  if (/\p{Surrogate}/u.test(value)) {
    return {
      what: 'its value is not UTF-8',
      code: 'LUC-USAGE-VALUE-UTF8',
      why: 'Beanstalk keeps properties as text',
      mend: 'Encode it and let the application decode it: base64 -w0 FILE | lucree env set NAME',
    }
  }
  return undefined
}

/** Refuses properties that are too large together; `properties` is everything that the environment will have. */
export function checkTotalSize(properties: Record<string, Sensitive>): void {
  const sizes = Object.entries(properties).map(([name, value]) => ({
    name,
    bytes: Buffer.byteLength(name) + 1 + value.bytes,
  }))
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
  if (total <= MOST_BYTES) return
  const largest = sizes.sort((a, b) => b.bytes - a.bytes).slice(0, 3)
  throw new UsageError(
    `The environment properties have ${total} bytes together, ${total - MOST_BYTES} too many`,
    {
      code: 'LUC-USAGE-PROPERTIES-SIZE',
      why: `Beanstalk carries ${MOST_BYTES} bytes in all, each property counted as NAME=value`,
      evidence: largest.map(({ name, bytes }) => `${name}: ${bytes} bytes`),
      hints: [
        'Move large values to a file in the bundle or to S3, and take away what nobody reads: lucree env unset NAME',
      ],
    },
  )
}
