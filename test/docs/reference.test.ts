import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { cloudFlags, outputFlags } from '../../packages/deployer/src/cli/flags.ts'
import { allCommands, commandsPage, exitCodesPage } from './reference/commands.ts'
import { projectFilePage } from './reference/project-file.ts'

/** Where a generated page lies; `npm run docs` writes it anew. */
const page = (name: string): string => new URL(`../../docs/${name}`, import.meta.url).pathname

test('docs/commands.md is what the commands declare', async () => {
  await expect(await commandsPage()).toMatchFileSnapshot(page('commands.md'))
})

test('docs/exit-codes.md is the table of exit codes', async () => {
  await expect(exitCodesPage()).toMatchFileSnapshot(page('exit-codes.md'))
})

test('docs/project-file.md is what the schema of lucree.json says', async () => {
  await expect(projectFilePage()).toMatchFileSnapshot(page('project-file.md'))
})

test('the help of --environment names the commands that take one which lucree.json does not list', async () => {
  const commands = await allCommands()
  const source = (name: string) =>
    readFile(
      new URL(`../../packages/deployer/src/commands/${name.replaceAll(' ', '/')}.ts`, import.meta.url),
      'utf8',
    )
  const taking: string[] = []
  for (const { name } of commands) {
    if ((await source(name)).includes('allowsUnlisted: true')) taking.push(name)
  }
  const list = `${taking.slice(0, -1).join(', ')} and ${taking.at(-1)}`
  expect(cloudFlags.environment.description).toContain(` ${list} also take the full name of one`)
  const section = /^## LUC-USAGE-UNKNOWN-ENVIRONMENT$([^]*?)^## /m.exec(
    await readFile(page('errors.md'), 'utf8'),
  )?.[1]
  for (const text of [section, projectFilePage()])
    for (const name of taking) expect(text).toContain(`\`${name}\``)
})

test('the groups of a help are those of docs/commands.md: GLOBAL is of every command, CLOUD of every one that talks to a cloud', async () => {
  const commands = await allCommands()
  const groupsOf = (flags: object | undefined) =>
    Object.entries((flags ?? {}) as Record<string, { helpGroup?: string }>).map(([name, flag]) => [
      name,
      flag.helpGroup,
    ])
  const everywhere = Object.keys(outputFlags)
  for (const { command } of commands) {
    expect(groupsOf(command.flags).filter(([, group]) => group !== undefined)).toEqual([])
    for (const [name, group] of groupsOf(command.baseFlags))
      expect([name, group]).toEqual([name, everywhere.includes(name ?? '') ? 'GLOBAL' : 'CLOUD'])
  }
})
