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
    'What a deploy does with them where the environment exists already; `lucree deploy --dry-run` says it beforehand:',
    '',
    '- `healthCheck`, behind a load balancer `maxInstances`, and where the file has them `minInstances` and `certificate`: the environment is brought to them. The application is not restarted; instances may be added or taken away.',
    '- `instanceType`, where the file has it: the environment is brought to it, which replaces the instances.',
    '- `type`: another one than the environment has is refused ([LUC-ENVIRONMENT-TYPE](errors.md#luc-environment-type)).',
    '- `vpc`, `subnets`, `elbSubnets`, `instanceProfile`, `serviceRole`, `managedUpdates`: are for a new environment only. The one that exists keeps what it has, and the deploy warns of what differs.',
    '- `name`, `region`: say which environment is meant. With another one a deploy makes another environment, and the one before goes on running.',
    '',
    'What is taken out of the file again stays in the environment as it is, but for `healthCheck` and `maxInstances`, whose defaults are sent. Without `type` the default is meant, so an environment with a load balancer is then refused.',
    '',
    '## An environment that the file no longer lists',
    '',
    'It goes on running, and is billed. `destroy` removes it with the application, or alone with `--environment FULL-NAME`. By its full name, with `--region` where it had one of its own, these also reach it: `abort`, `console`, `env get`, `env list`, `events`, `health`, `logs`, `open`, `releases`, `status`, `unlock`, `unstick`. The others (`deploy`, `doctor`, `env set`, `env unset`, `lock`, `rollback`) want it in the file again. Where the file lists no environments, `--environment` takes any name in every command.',
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
