import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { readVariables } from '../../src/cli/variable-input.ts'
import type { ProgressEvent } from '../../src/deploy/progress.ts'
import type { UsageError } from '../../src/errors.ts'
import type { Screen } from '../../src/report/screen.ts'

const BOM = '\uFEFF'

async function fromFile(name: string, bytes: string | Buffer, encoding: BufferEncoding = 'utf8') {
  const dir = await mkdtemp(join(tmpdir(), 'lucree-value-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const path = join(dir, 'value.txt')
  await writeFile(path, bytes, encoding)
  return { path, ...(await read([name], path)) }
}

async function read(words: string[], file?: string) {
  const said: ProgressEvent[] = []
  const given = { words, fromFile: file, generate: false, secret: () => false }
  const around = {
    screen: { interactive: false } as Screen,
    progress: { emit: (event: ProgressEvent) => void said.push(event) },
    signal: new AbortController().signal,
  }
  return { said, values: await readVariables(given, around) }
}

const refusalOf = (tried: Promise<unknown>): Promise<UsageError> =>
  tried.then(
    () => expect.unreachable(),
    (error: UsageError) => error,
  )

test('a byte order mark in front of a value is refused, and each way out that is named does what it says', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lucree-value-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const path = join(dir, 'it’s mine.txt')
  await writeFile(path, `${BOM}abc`)
  const refusal = await refusalOf(read(['NAME'], path))
  expect(refusal).toMatchObject({ code: 'LUC-USAGE-VALUE-BOM', exitCode: 2 })
  const [without = '', within = ''] = refusal.hints
  const shell = async (command: string) => (await promisify(execFile)('sh', ['-c', command])).stdout
  expect(await shell(without.replace(/ \| lucree .*/, ''))).toBe('abc')
  expect(within).toMatch(/^lucree env set "NAME=/)
  expect(await shell(within.replace('lucree env set', "printf '%s'"))).toBe(`NAME=${BOM}abc`)
})

test('a byte order mark on the command line, and one within a value, are meant', async () => {
  const { values } = await read([`NAME=${BOM}abc`])
  expect(values.get('NAME')?.reveal()).toBe(`${BOM}abc`)
  expect((await fromFile('NAME', `a${BOM}b`)).values.get('NAME')?.reveal()).toBe(`a${BOM}b`)
})

test('what PowerShell writes is refused as UTF-16, with the program that makes UTF-8 of it', async () => {
  const refusal = await refusalOf(fromFile('NAME', `${BOM}abc\r\n`, 'utf16le'))
  expect(refusal).toMatchObject({ code: 'LUC-USAGE-VALUE-UTF8', why: expect.stringContaining('UTF-16') })
  expect(refusal.hints[0]).toMatch(/iconv -f UTF-16 -t UTF-8 \| lucree env set NAME$/)
  const latin = await refusalOf(fromFile('NAME', Buffer.from('caf\xe9', 'latin1')))
  expect(latin.hints[0]).toContain('base64')
})

test('one newline at the end is left out, and said', async () => {
  const { values, said } = await fromFile('NAME', 'abc\r\n')
  expect(values.get('NAME')?.reveal()).toBe('abc')
  expect(said).toEqual([{ kind: 'note', message: 'One newline at the end of NAME was left out' }])
})
