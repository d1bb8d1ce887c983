import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { PLATFORM_PROXY } from '../../../../src/runtime/front.ts'
import {
  readNginxConfiguration,
  statementsOf,
} from '../../../../src/services/elasticbeanstalk/instance/nginx-configuration.ts'

async function read(files: Record<string, string>) {
  const dir = await mkdtemp(join(tmpdir(), 'lucree-nginx-conf-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  return readNginxConfiguration(dir)
}
const inOneFile = (text: string) => read({ '.platform/nginx/conf.d/a.conf': text })

test('a bundle without such files has the platform’s limits', async () => {
  expect(await read({ Dockerfile: '' })).toEqual({ settings: PLATFORM_PROXY, honoured: [], ignored: [] })
})

test.each([
  ['client_max_body_size 50m;', { maxBodyBytes: 52_428_800 }],
  ['client_max_body_size 512K;', { maxBodyBytes: 524_288 }],
  ['client_max_body_size 2g;', { maxBodyBytes: 2_147_483_648 }],
  ['client_max_body_size 0;', { maxBodyBytes: 0 }],
  ["client_max_body_size '10M';", { maxBodyBytes: 10_485_760 }],
  ['proxy_read_timeout 300;', { readTimeoutMs: 300_000 }],
  ['proxy_read_timeout 1m30s;proxy_send_timeout 500ms;', { readTimeoutMs: 90_000, sendTimeoutMs: 500 }],
  ['# slow\nproxy_connect_timeout\n  5s ; # here', { connectTimeoutMs: 5_000 }],
])('%s holds', async (text, settings) => {
  const found = await inOneFile(text)
  expect(found.settings).toEqual({ ...PLATFORM_PROXY, ...settings })
  expect(found.ignored).toEqual([])
})

test.each([
  ['gzip off;', ['gzip']],
  ['server { listen 8080; client_max_body_size 5m; location / { proxy_read_timeout 5; } }', ['server']],
  ['client_max_body_size ten;', ['client_max_body_size ten']],
  ['client_max_body_size 1m 2m;', ['client_max_body_size 1m 2m']],
  ['proxy_read_timeout 5x;', ['proxy_read_timeout 5x']],
  ['constructor 5;', ['constructor']],
  ['upstream b { server b:1; } keepalive_timeout 5', ['upstream', 'keepalive_timeout']],
])('%s is named and changes nothing', async (text, ignored) => {
  const found = await inOneFile(text)
  expect(found.settings).toEqual(PLATFORM_PROXY)
  expect(found.ignored.map((line) => line.text)).toEqual(ignored)
})

test('what the server block has counts more than what stands around it, and nothing counts twice in one block', async () => {
  const found = await read({
    '.platform/nginx/conf.d/b.conf': 'client_max_body_size 2m;',
    '.platform/nginx/conf.d/a.conf': 'client_max_body_size 3m; proxy_read_timeout 90;',
    '.platform/nginx/conf.d/elasticbeanstalk/z.conf': 'client_max_body_size 4m;',
    '.platform/nginx/conf.d/notes.txt': 'client_max_body_size 9m;',
    '.platform/nginx/nginx.conf': 'client_max_body_size 9m;',
  })
  expect(found.settings).toEqual({ ...PLATFORM_PROXY, maxBodyBytes: 4_194_304, readTimeoutMs: 90_000 })
  expect(found.ignored).toEqual([{ file: '.platform/nginx/conf.d/b.conf', text: 'client_max_body_size 2m' }])
})

test('a file of one long line, and one without an end, are read in no time', () => {
  expect(statementsOf(`${'a '.repeat(100_000)};`)[0]).toHaveLength(100_000)
  expect(statementsOf('{'.repeat(100_000))).toEqual([])
  expect(statementsOf(`"${'\\"'.repeat(50_000)}`).length).toBeLessThan(2)
})

test('files of this machine to which a link of the bundle leads are not read', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lucree-nginx-conf-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  for (const place of ['bundle', 'outside/nginx/conf.d']) await mkdir(join(dir, place), { recursive: true })
  await writeFile(join(dir, 'outside/nginx/conf.d/a.conf'), 'client_max_body_size 50m; gzip off;')
  await symlink('../outside', join(dir, 'bundle/.platform'))
  expect(await readNginxConfiguration(join(dir, 'bundle'))).toEqual({
    settings: PLATFORM_PROXY,
    honoured: [],
    ignored: [],
  })
})
