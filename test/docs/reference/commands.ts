import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Command } from '@oclif/core'
import { exitCodes } from '../../../packages/deployer/src/cli/exit-codes.ts'

const folder = fileURLToPath(new URL('../../../packages/deployer/src/commands', import.meta.url))

/** A command of lucree by its name, words separated by a space. */
export interface Documented {
  name: string
  command: typeof Command
}

/** All commands, in the order of their names, read from their classes. */
export async function allCommands(): Promise<Documented[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts')).sort()
  return Promise.all(
    files.map(async (file) => {
      const module = (await import(`${folder}/${file}`)) as { default: typeof Command }
      return { name: file.slice(0, -'.ts'.length).replaceAll('/', ' '), command: module.default }
    }),
  )
}

/** The examples of a command's help as they are typed. */
export function examplesOf({ command }: Documented): { description?: string; line: string }[] {
  return (command.examples ?? []).map((example) => {
    const { command: line, description } =
      typeof example === 'string' ? { command: example, description: undefined } : example
    const typed = line.replaceAll('<%= config.bin %>', 'lucree').replaceAll('$ ', '')
    return description === undefined ? { line: typed } : { description, line: typed }
  })
}

/** `docs/commands.md`. */
export async function commandsPage(): Promise<string> {
  const commands = await allCommands()
  const [cloud, output] = shared(commands)
  return [
    '# Commands',
    '',
    '<!-- Made from packages/deployer/src/commands by `npm run docs`; a test fails when it differs. -->',
    '',
    ...table(
      ['command', 'does'],
      commands.map(({ name, command }) => [`[\`${name}\`](#${anchor(name)})`, command.summary ?? '']),
    ),
    '',
    'A flag wins over its variable, the variable over [`lucree.json`](project-file.md), the file over the default. What the exit codes mean: [exit-codes.md](exit-codes.md). What `--json` prints: [json.md](json.md).',
    '',
    'There is no flag that shows the single AWS calls. On the embedded Beanstalk, `server.log` in its state directory has a line for each. `--json --follow` shows all progress of a change ([json.md](json.md)); `LUCREE_DEBUG=1` shows the stack of a bug in lucree.',
    '',
    '## Flags of every command',
    '',
    ...flagTable(output),
    '',
    '## Flags of every command that talks to a cloud',
    '',
    ...flagTable(cloud),
    '',
    ...commands.flatMap((documented) => section(documented)),
  ].join('\n')
}

/** `docs/exit-codes.md`. */
export function exitCodesPage(): string {
  return [
    '# Exit codes',
    '',
    '<!-- Made from packages/deployer/src/cli/exit-codes.ts by `npm run docs`; a test fails when it differs. -->',
    '',
    'Every command ends with one of these. With `--json` the document on standard output carries the same number as `error.exitCode`. Which failure it was says its code: [errors.md](errors.md).',
    '',
    ...table(
      ['exit code', 'meaning', 'next'],
      Object.entries(exitCodes).map(([code, { means, next }]) => [code, means, next]),
    ),
    '',
  ].join('\n')
}

type Flag = {
  name: string
  char?: string
  type: string
  description?: string
  env?: string
  options?: readonly string[]
  helpValue?: string | string[]
  allowNo?: boolean
  default?: unknown
  hidden?: boolean
}

function shared(commands: Documented[]): [cloud: Flag[], output: Flag[]] {
  const [deploy, init] = ['deploy', 'local stop'].map((name) => commands.find((one) => one.name === name))
  const output = flagsOf(init?.command.baseFlags)
  const names = new Set(output.map(({ name }) => name))
  return [flagsOf(deploy?.command.baseFlags).filter(({ name }) => !names.has(name)), output]
}

function section(documented: Documented): string[] {
  const { name, command } = documented
  const own = flagsOf(command.flags)
  const args = Object.entries(command.args as Record<string, { description?: string; required?: boolean }>)
  const usage = args.map(([arg, { required }]) => (required ? arg.toUpperCase() : `[${arg.toUpperCase()}]`))
  const cloud = Object.hasOwn(command.baseFlags, 'environment')
  return [
    `## ${name}`,
    '',
    `${command.summary ?? ''}.`,
    '',
    ...(command.description ? [command.description, ''] : []),
    '```text',
    ['lucree', name, ...usage, ...(command.strict ? [] : ['...']), '[FLAGS]'].join(' '),
    '```',
    '',
    ...(args.length > 0
      ? [
          ...table(
            ['argument', 'is'],
            args.map(([arg, { description }]) => [`\`${arg.toUpperCase()}\``, description ?? '']),
          ),
          '',
        ]
      : []),
    ...(own.length > 0 ? [...flagTable(own), ''] : []),
    cloud
      ? 'And the [flags of every command that talks to a cloud](#flags-of-every-command-that-talks-to-a-cloud).'
      : 'And the [flags of every command](#flags-of-every-command).',
    '',
    '```sh',
    ...aligned(examplesOf(documented)),
    '```',
    '',
  ]
}

/** Examples below each other, what they are for behind them as a remark. */
function aligned(examples: { description?: string; line: string }[]): string[] {
  const width = Math.max(...examples.map(({ line }) => line.length))
  return examples.map(({ description, line }) =>
    description === undefined ? line : `${line.padEnd(width)}   # ${description}`,
  )
}

function flagsOf(flags: unknown): Flag[] {
  return Object.entries((flags ?? {}) as Record<string, Flag>)
    .map(([name, flag]) => ({ ...flag, name }))
    .filter(({ hidden }) => hidden !== true)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function flagTable(flags: Flag[]): string[] {
  return table(
    ['flag', 'variable', 'meaning'],
    flags.map((flag) => [
      `\`${spelled(flag)}\``,
      flag.env === undefined ? '' : `\`${flag.env}\``,
      `${flag.description ?? ''}${defaultOf(flag)}`,
    ]),
  )
}

function spelled({ name, char, type, options, helpValue, allowNo }: Flag): string {
  const value = options ? options.join('\\|') : [helpValue ?? '<value>'].flat().join(' ')
  const long = `--${allowNo ? '[no-]' : ''}${name}${type === 'boolean' ? '' : ` ${value}`}`
  return char ? `-${char}, ${long}` : long
}

function defaultOf({ type, allowNo, default: value }: Flag): string {
  if (type === 'boolean') return allowNo && value === true ? ' (default)' : ''
  return typeof value === 'string' || typeof value === 'number' ? ` (default ${value})` : ''
}

const anchor = (name: string): string => name.replaceAll(' ', '-')

/** A Markdown table; what would end a cell is escaped. */
export function table(head: string[], rows: string[][]): string[] {
  const row = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('\n', ' ')).join(' | ')} |`
  return [row(head), `|${head.map(() => '---|').join('')}`, ...rows.map(row)]
}
