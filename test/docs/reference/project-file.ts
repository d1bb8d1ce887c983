import { projectJsonSchema } from '../../../packages/deployer/src/config/project-schema.ts'
import { table } from './commands.ts'

interface Schema {
  type?: string
  description?: string
  properties?: Record<string, Schema>
  additionalProperties?: Schema | false
  items?: Schema
  enum?: string[]
  pattern?: string
  minimum?: number
  maximum?: number
}

/** `docs/project-file.md`. */
export function projectFilePage(): string {
  const schema = projectJsonSchema() as Schema
  const inside = (key: string): Schema => {
    const values = schema.properties?.[key]?.additionalProperties
    if (!values)
      throw new Error(
        `"${key}" of lucree.json is no longer a record: mend test/docs/reference/project-file.ts`,
      )
    return values
  }
  return [
    '# lucree.json',
    '',
    '<!-- Made from packages/deployer/src/config/project-schema.ts by `npm run docs`; a test fails when it differs. -->',
    '',
    'The project file. Every key is optional, and so is the file: a directory with a Dockerfile deploys all the same, named after its `package.json` or itself. Unknown keys are refused with the nearest name. `lucree init` writes one; the schema ships as `lucree/schema.json`, so editors complete it.',
    '',
    '## Keys',
    '',
    ...keys(schema),
    '',
    '## Each of `env`',
    '',
    ...keys(inside('env')),
    '',
    'Values are never in this file: `lucree env set NAME` gives them to the environment.',
    '',
    '## Each of `environments`',
    '',
    ...keys(inside('environments')),
    '',
  ].join('\n')
}

function keys({ properties = {} }: Schema): string[] {
  return table(
    ['key', 'value', 'meaning'],
    Object.entries(properties).map(([key, schema]) => [
      `\`${key}\``,
      valueOf(schema),
      schema.description ?? '',
    ]),
  )
}

function valueOf({ type, enum: words, items, minimum, maximum, additionalProperties }: Schema): string {
  if (words) return words.map((word) => `\`"${word}"\``).join(' or ')
  if (type === 'array') return `list of ${items?.type ?? 'value'}s`
  if (type === 'object') return additionalProperties ? 'object, by name' : 'object'
  if (type === 'integer' && minimum !== undefined) return `${minimum} to ${maximum}`
  return type ?? ''
}
