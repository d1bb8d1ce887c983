import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { processList } from './processes.ts'
import { ask, repository, type Ran, Sandbox } from './sandbox.ts'

/** All that a shell, a zip, an env-file, XML or a header could spoil. */
const odd = 'a,b=c "d" $e \\ ü'
const first = 'first-token-of-this-test'

let sandbox: Sandbox
let url: string
const written: Ran[] = []

/** Runs lucree in the repository and keeps all that it wrote for the search at the end. */
async function lucree(words: string[], input?: string): Promise<Ran> {
  const ran = await sandbox.lucree([...words, '--local'], {
    cwd: repository,
    env: { LUCREE_PASSWD: first },
    ...(input === undefined ? {} : { input }),
  })
  written.push(ran)
  return ran
}

beforeAll(async () => {
  sandbox = await Sandbox.open()
  const deployed = await lucree(['deploy', '--json'])
  expect(deployed.stderr).toBe('')
  url = deployed.json<{ url: string }>().url
})
afterAll(() => sandbox.close())

test('the token is changed from a pipe, byte for byte: the new one opens, the old one doesn’t', async () => {
  expect((await ask(url, first)).status).toBe(200)
  const ran = await lucree(['env', 'set', 'LUCREE_PASSWD'], odd)
  expect(ran.code).toBe(0)
  expect((await ask(url, odd)).status).toBe(200)
  expect((await ask(url, first)).status).toBe(401)
  const curl = await sandbox.program('curl', [
    '-s',
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
    '-H',
    `Authorization: Token ${odd}`,
    url,
  ])
  expect(curl.stdout).toBe('200')
})

test('no process, stream or file but the embedded Beanstalk’s state (0600) has ever held a value', async () => {
  const secrets = [odd, first]
  for (const { stdout, stderr } of written)
    for (const secret of secrets) expect(stdout + stderr).not.toContain(secret)
  const processes = await processList()
  for (const secret of secrets) expect(processes).not.toContain(secret)
  const holders: string[] = []
  for (const entry of await readdir(sandbox.dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const content = await readFile(path, 'utf8')
    const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
    if (forms.some((form) => content.includes(form))) holders.push(path)
  }
  for (const path of holders) {
    expect(path.startsWith(sandbox.state)).toBe(true)
    expect((await stat(path)).mode & 0o077).toBe(0)
  }
  expect(holders.length).toBeGreaterThan(0)
})

test('only --reveal prints a value, and nothing but it', async () => {
  const plain = await sandbox.lucree(['env', 'get', 'LUCREE_PASSWD', '--local'], { cwd: repository })
  expect(plain.stdout).toContain(`${Buffer.byteLength(odd)} bytes`)
  expect(plain.stdout).not.toContain(odd)
  const revealed = await sandbox.lucree(['env', 'get', 'LUCREE_PASSWD', '--local', '--reveal'], {
    cwd: repository,
  })
  expect(revealed.stdout).toBe(`${odd}\n`)
})

test('setting what is set already changes nothing, so nothing restarts and no release is made', async () => {
  const told = async () =>
    (await Promise.all([lucree(['events', '--json']), lucree(['releases', '--json'])])).map(
      ({ stdout }) => stdout,
    )
  const before = await told()
  const ran = await lucree(['env', 'set', 'LUCREE_PASSWD', '--json'], odd)
  expect(ran.json()).toMatchObject({ outcome: 'unchanged', steps: [], release: 2 })
  expect(await told()).toEqual(before)
})

test('one newline at the end is dropped, and said', async () => {
  const ran = await lucree(['env', 'set', 'LUCREE_PASSWD'], `${odd}\n`)
  expect(ran.code).toBe(0)
  expect(ran.stderr).toContain('newline')
  expect((await ask(url, odd)).status).toBe(200)
})

test.each([
  ['an empty value', '', 'LUC-USAGE-VALUE-EMPTY'],
  ['a value of two lines', 'one\ntwo', 'LUC-USAGE-VALUE-LINES'],
  ['a byte order mark', '\uFEFFabc', 'LUC-USAGE-VALUE-BOM'],
  ['4,097 bytes of properties', 'x'.repeat(4097 - 'BIG='.length), 'LUC-USAGE-PROPERTIES-SIZE'],
])('%s is refused with the way out, and nothing is changed', async (_, value, code) => {
  const before = await sandbox.lucree(['events', '--local', '--json'], { cwd: repository })
  const ran = await lucree(['env', 'set', 'BIG', '--json'], value)
  expect(ran.code).toBe(2)
  expect(ran.json()).toMatchObject({ error: { code, exitCode: 2 } })
  expect(ran.json<{ error: { next: string[] } }>().error.next.length).toBeGreaterThan(0)
  const after = await sandbox.lucree(['events', '--local', '--json'], { cwd: repository })
  expect(after.stdout).toBe(before.stdout)
})

test('a name that the image’s shell drops is warned of, with one that arrives', async () => {
  const ran = await lucree(['env', 'set', 'my.flag=on', '--dry-run'])
  expect(ran.code).toBe(0)
  expect(ran.stderr).toMatch(
    /my\.flag will not reach the application: .*a script of sh.*my_flag would arrive/,
  )
})

test('several names are one update; unset takes them away again', async () => {
  const set = await lucree(['env', 'set', 'LOG_LEVEL=debug', 'NODE_ENV=production', '--json'])
  expect(set.json()).toMatchObject({
    outcome: 'deployed',
    steps: [{ name: 'set LOG_LEVEL' }, { name: 'set NODE_ENV' }],
  })
  const listed = (await lucree(['env', 'list', '--json'])).json<{ variables: { name: string }[] }>()
  expect(listed.variables.map(({ name }) => name)).toEqual(['LOG_LEVEL', 'LUCREE_PASSWD', 'NODE_ENV'])
  expect((await lucree(['env', 'unset', 'LOG_LEVEL', 'NODE_ENV', '--json'])).json()).toMatchObject({
    outcome: 'deployed',
  })
  const refused = await lucree(['env', 'unset', 'LUCREE_PASSWD', '--json'])
  expect(refused.json()).toMatchObject({ error: { code: 'LUC-ENV-UNSET-REQUIRED' } })
})

test('a value on the command line of a secret name is taken, with a warning about the shell’s history', async () => {
  const ran = await sandbox.lucree(['env', 'set', 'LUCREE_PASSWD=on-the-command-line', '--local'], {
    cwd: repository,
  })
  expect(ran.code).toBe(0)
  expect(ran.stderr).toMatch(/history/)
  expect((await ask(url, 'on-the-command-line')).status).toBe(200)
})
