import fc from 'fast-check'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { insideRoot, mapArgument, mapShellText, mapVariable } from '../../../src/runtime/process/paths.ts'
import { filesIn } from '../fixture.ts'

const image = () => filesIn({ 'app/server.js': '', 'etc/app.json': '' })

test('no path of a container lies outside its root', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (path, workdir) => {
      const mapped = insideRoot('/image', path, workdir)
      expect(mapped === '/image/' || mapped === '/image' || mapped.startsWith('/image/')).toBe(true)
      expect(mapped.split('/')).not.toContain('..')
    }),
  )
})

test('paths that the image holds are rewritten in arguments and variables, others are not', async () => {
  const root = await image()
  expect(mapArgument(root, '/app/server.js')).toBe(join(root, 'app/server.js'))
  expect(mapArgument(root, '--config=/etc/app.json')).toBe(`--config=${join(root, 'etc/app.json')}`)
  expect(mapArgument(root, '/api/v1')).toBe('/api/v1')
  expect(mapArgument(root, 'http://host/app')).toBe('http://host/app')
  expect(mapVariable(root, 'NODE_PATH', '/app:/other')).toBe(`${join(root, 'app')}:/other`)
  expect(mapVariable(root, 'DATA_DIR', '/data')).toBe(join(root, 'data'))
  expect(mapVariable(root, 'BASE_PATH', '/api')).toBe('/api')
})

test('a search path has the directories of the image before those of this machine', async () => {
  const root = await image()
  const parts = mapVariable(root, 'PATH', '/app/bin:/usr/local/bin:/usr/bin').split(':')
  expect(parts.slice(0, 3)).toEqual(['app/bin', 'usr/local/bin', 'usr/bin'].map((part) => join(root, part)))
  expect(parts.slice(3)).toContain('/usr/bin')
})

test('a RUN step never names a path of this machine but its programs and devices', async () => {
  const root = await image()
  const run = (text: string) => mapShellText(root, text, true).replaceAll(root, '@')
  expect(run('mkdir -p /data && rm -rf /var/lib/x/* "/tmp/a b"')).toBe(
    'mkdir -p @/data && rm -rf @/var/lib/x/* "@/tmp/a b"',
  )
  expect(run('/bin/sh -c "ls" >/dev/null 2>&1; cat </etc/hosts')).toBe(
    'sh -c "ls" >/dev/null 2>&1; cat <@/etc/hosts',
  )
  expect(run('curl https://a.example/x/y?b=/c')).toBe('curl https://a.example/x/y?b=@/c')
  expect(run('sed -i s/a/b/ f && cd / && ls ./x')).toBe('sed -i s/a/b/ f && cd @/ && ls ./x')
  expect(existsSync(join(root, 'data'))).toBe(false)
})

test('a root with quotes and spaces is written as the shell reads it', async () => {
  const root = join(await image(), `it's "my" $HOME`)
  const text = mapShellText(root, `printf '%s\\n' /a "/b c" '/d'`, true)
  const { stdout } = spawnSync('sh', ['-c', text], { encoding: 'utf8' })
  expect(stdout).toBe(['a', 'b c', 'd'].map((name) => `${join(root, name)}\n`).join(''))
})
