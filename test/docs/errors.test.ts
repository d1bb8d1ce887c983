import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { RULES } from '../../packages/deployer/src/diagnose/diagnose.ts'
import { anchorsOf } from './markdown.ts'
import { errorExits } from './reference/error-exits.ts'

const sources = fileURLToPath(new URL('../../packages/deployer/src/', import.meta.url))
const emulatorErrors = new URL('../../packages/emulator/src/errors.ts', import.meta.url)
const page = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8')

/** Codes that end in a name of somebody else's, each explained once at the top of the page. */
const OTHERS_NAMES = ['LUC-AWS-', 'LUC-MACHINE-']

async function texts(): Promise<string[]> {
  const files = (await readdir(sources, { recursive: true })).filter((file) => file.endsWith('.ts'))
  return Promise.all(files.map((file) => readFile(sources + file, 'utf8')))
}

/** Every code that stands in the source as a word of its own, and those that are made of the embedded Beanstalk's errors. */
async function codes(): Promise<Set<string>> {
  const written = (await texts()).flatMap((text) => [
    ...text.matchAll(/(?<=['"`])LUC(?:-[A-Z0-9]+)+(?=['"`])/g),
  ])
  const union = /EmulatorErrorCode =([^]*?)\n\n/.exec(await readFile(emulatorErrors, 'utf8'))?.[1] ?? ''
  const local = [...union.matchAll(/'(\w+)'/g)].map(
    ([, name = '']) => `LUC-LOCAL-${name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toUpperCase()}`,
  )
  expect(local).toContain('LUC-LOCAL-PORT-IN-USE')
  return new Set([...written.map(([code]) => code), ...local])
}

const sections = [...page.matchAll(/^## (LUC-[A-Z0-9-]+)$/gm)].map(([, code = '']) => code)

test('docs/errors.md has one section for every error code in the source, and no other, in alphabetical order', async () => {
  expect(sections).toEqual([...(await codes())].sort())
})

test('every section names the exit codes that the source gives its code', async () => {
  const exits = await errorExits()
  const wanted = sections.map((code) => {
    // What the embedded Beanstalk refuses is told by `refused` of cli/local/launch.ts.
    const ends = exits.get(code) ?? (code.startsWith('LUC-LOCAL-') ? [5] : [])
    return [code, ends.join(' or ').replace(/^0$/, 'none; it ends no command')]
  })
  const said = page
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [, code, ends] = /^(\S+)\n[^]*\n\n\*\*Exit code:\*\* (.+)\s*$/.exec(section) ?? []
      return [code, ends]
    })
  expect(said).toEqual(wanted)
})

test('every section says what happened and what to do', () => {
  for (const section of page.split(/^## /m).slice(1)) expect(section).toMatch(/\n\n\S[^]*\n\n\*\*Do:\*\* \S/)
})

test('every code that takes its end from somebody else is explained with the others of its kind', async () => {
  const made = (await texts()).flatMap((text) =>
    [...text.matchAll(/`(LUC-[A-Z-]+-)\$\{/g)].map(([, start]) => start),
  )
  expect(new Set(made)).toEqual(new Set([...OTHERS_NAMES, 'LUC-LOCAL-']))
  for (const start of OTHERS_NAMES) expect(anchorsOf(page)).toContain(`${start.toLowerCase()}name`)
})

test('where a failure points to is a section of the page', async () => {
  const pointed = (await texts()).flatMap((text) => [
    ...text.matchAll(/docs\/errors\.md#([a-z0-9-]+)(?=['`])/g),
  ])
  expect(pointed.length).toBeGreaterThan(0)
  for (const [, anchor] of pointed) expect(anchorsOf(page)).toContain(anchor)
})

test('every rule of the diagnosis says where its texts are from', () => {
  for (const { name, source } of RULES) expect(source, name).toMatch(/\S{3}/)
})
