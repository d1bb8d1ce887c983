import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { RULES } from '../../src/diagnose/diagnose.ts'

test('docs/errors.md has one section for every code that a failed deploy can have, and no other', async () => {
  const page = await readFile(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')
  const sections = [...page.matchAll(/^## (LUC-DEPLOY-[A-Z-]+)$/gm)].map(([, code]) => code)
  const codes = new Set([...RULES.map(({ code }) => code), 'LUC-DEPLOY-TIMEOUT', 'LUC-DEPLOY-UNKNOWN'])
  expect(sections).toEqual([...codes].sort())
})

test('every rule says where its texts are from', () => {
  for (const { name, source } of RULES) expect(source, name).toMatch(/\S{3}/)
})
