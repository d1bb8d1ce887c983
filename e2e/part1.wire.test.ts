import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Block, blocksOf } from './papers/blocks.ts'
import { Reader } from './papers/reader.ts'
import { difference } from './papers/told.ts'

/** What part1.md does with the AWS CLI: an administrator makes a user with the least policy, and removes it at the end. */
let reader: Reader
const blocks = blocksOf('part1.md')
const [making, removing] = blocks.filter(({ mark }) => mark === 'aws-cli')
const startingWith = (start: string) => blocks.find(({ text }) => text.startsWith(start))

beforeAll(async () => {
  reader = await Reader.open()
})
afterAll(() => reader.close())

/** In the reader's own terminal, or as the administrator in CloudShell. */
async function follow(block: Block | undefined, input?: string): Promise<string> {
  if (!block) throw new Error('part1.md has no such block')
  const { code, stdout } = await reader.run(block.text, {
    ...(input === undefined ? {} : { input }),
    ...(block.mark === 'aws-cli' ? { shell: 'cloudshell', env: reader.administrator } : {}),
  })
  expect(code, stdout).toBe(0)
  if (block.told !== undefined) expect(difference(block.told, stdout), stdout).toBeUndefined()
  return stdout
}

test('the user of part1.md is made with its policy, may deploy by the word of doctor, and is removed again', async () => {
  await follow(startingWith('export PATH='))
  await follow(startingWith('export AWS_REGION='))
  const made = await follow(making)
  const [id = '', secret = ''] = made.trim().split('\n').at(-1)?.split(/\s+/) ?? []
  await follow(startingWith('read -r -p'), `${id}\n${secret}\n`)
  const doctor = startingWith('lucree doctor')
  expect(doctor?.text).toBe('lucree doctor')
  await follow(doctor)
  const who = await reader.run('lucree doctor --json')
  expect(who.stdout).toContain(':user/lucree-deploy')

  await follow(removing)
  const gone = await reader.run('lucree doctor')
  expect(gone.code).toBe(3)
})
