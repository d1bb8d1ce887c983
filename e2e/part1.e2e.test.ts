import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Block, blocksOf } from './papers/blocks.ts'
import { Reader } from './papers/reader.ts'
import { difference } from './papers/told.ts'
import { repository } from './sandbox.ts'

/** Every command of part1.md that no test runs, and why. A new one fails the test below. */
const NOT_RUN = new Map([
  [
    'aws acm request-certificate',
    'the embedded account has no ACM: a certificate is for a domain that one has',
  ],
  [
    'aws iam create-open-id-connect-provider',
    'the embedded account knows no identity providers: GitHub would have to sign for them',
  ],
  [
    'aws iam create-policy-version',
    'the embedded account keeps one version of a policy: it has no CreatePolicyVersion',
  ],
  ['POLICY="arn:aws:iam', 'the same: no ListPolicyVersions and no DeletePolicyVersion'],
  ['curl -H "Authorization', 'a domain that leads to the environment'],
  ['npm ci && npm run build', 'the test of a fresh clone runs it; here everything is built'],
])
/** What a reader types, by the beginning of the block that asks for it. */
const TYPED = {
  'read -r -p': () =>
    `${reader.administrator['AWS_ACCESS_KEY_ID']}\n${reader.administrator['AWS_SECRET_ACCESS_KEY']}\n`,
  'lucree env set LUCREE_PASSWD': () => 'typed by the reader\n',
}

const blocks = blocksOf('part1.md')
const paper = readFileSync(join(repository, 'part1.md'), 'utf8')
const named = (block: Block) => [`line ${block.line}: ${block.text.split('\n')[0]}`, block] as const
let reader: Reader
beforeAll(async () => {
  reader = await Reader.open()
})
afterAll(() => reader.close())

describe('a reader of part1.md, who follows it from top to bottom, sees what it says', () => {
  const followed = blocks.filter(({ language, mark }) => language !== 'sh' || mark === '')

  test.each(followed.map(named))('%s', async (_, block) => {
    if (block.language === 'sh') await follow(block)
    else if (block.language === 'json') await reader.write(block.mark, block.text)
    else await followWorkflow(block)
  })
})

async function follow({ text, told }: Block): Promise<void> {
  const [, typed] = Object.entries(TYPED).find(([start]) => text.startsWith(start)) ?? []
  const { code, stdout } = await reader.run(text, { input: typed?.() ?? '' })
  expect(code, stdout).toBe(0)
  if (told !== undefined) expect(difference(told, stdout), stdout).toBeUndefined()
}

interface Workflow {
  jobs: Record<string, { steps: { run?: string; env?: Record<string, string> }[] }>
}

/** What a workflow runs, where nobody types and the secret store is an environment variable. */
async function followWorkflow({ text }: Block): Promise<void> {
  const { jobs } = parse(text) as Workflow
  const steps = Object.values(jobs).flatMap((job) => job.steps)
  for (const { run, env = {} } of steps) {
    if (run === undefined || NOT_RUN.has(run)) continue
    const given = Object.fromEntries(Object.keys(env).map((name) => [name, 'of the secret store']))
    const { code, stdout } = await reader.run(run, {
      shell: 'ci',
      env: { ...reader.administrator, ...given, CI: 'true' },
    })
    expect(code, stdout).toBe(0)
  }
  const { stdout } = await reader.run('lucree env get LUCREE_PASSWD --reveal')
  expect(stdout.trim()).toBe('of the secret store')
}

test('every block is run here or with the AWS CLI, or stands among those that can’t be, with the reason', () => {
  const left = blocks.filter(({ language, mark }) => language === 'sh' && !['', 'aws-cli'].includes(mark))
  expect(left.filter(({ mark }) => mark !== 'aws-only')).toEqual([])
  const reasons = [...NOT_RUN.keys()]
  for (const { text } of left)
    expect(
      reasons.some((start) => text.startsWith(start)),
      text,
    ).toBe(true)
  expect(blocks.filter(({ language }) => !['sh', 'json', 'yaml'].includes(language))).toEqual([])
})

test('it names the exit codes, error codes, commands and statements of the policy that there are', async () => {
  const help = (await reader.sandbox.lucree(['--help'])).stdout
  const codes = (text: string, row: RegExp) => [...text.matchAll(row)].map(([, code]) => code)
  const section = paper.slice(paper.indexOf('| saída | significado |'))
  expect(codes(section, /^\| (\d+) \|/gm)).toEqual(codes(help, /^ {2}(\d+) {2,}\S/gm))

  const sources = execFileSync('grep', ['-rhoE', "'LUC-[A-Z-]+'", 'packages/deployer/src'], {
    cwd: repository,
    encoding: 'utf8',
  })
  for (const [code] of paper.matchAll(/LUC-[A-Z-]+[A-Z]\b/g)) expect(sources).toContain(code)

  const commands = join(repository, 'packages/deployer/src/commands')
  const known = readdirSync(commands, { recursive: true, encoding: 'utf8' }).map((file) =>
    file.replace(/\.ts$/, '').replace('/', ' '),
  )
  for (const [, first = '', second = ''] of paper.matchAll(/`(?:npx )?lucree ([a-z]+)(?: ([a-z]+))?/g))
    expect(known).toContain(known.includes(`${first} ${second}`) ? `${first} ${second}` : first)

  const policy = await reader.sandbox.lucree(['doctor', '--policy', '--local'])
  const { Statement } = policy.json<{ Statement: { Sid: string }[] }>()
  const told = [...paper.matchAll(/`(Lucree[A-Z]\w+)`/g)].map(([, sid]) => sid)
  expect(new Set(told)).toEqual(new Set(Statement.map(({ Sid }) => Sid)))
})
