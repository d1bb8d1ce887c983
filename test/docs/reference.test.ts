import { expect, test } from 'vitest'
import { commandsPage, exitCodesPage } from './reference/commands.ts'
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
