import { execFile } from 'node:child_process'
import { appendFile, readdir, readFile, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { bundleSource } from '../../src/bundle/bundle-source.ts'
import { bundle, DOCKERFILE } from './bundled.ts'
import { sourceTree, type Tree } from './source-tree.ts'

const run = promisify(execFile)

describe('a bundle', () => {
  test('is the same byte for byte for the same content, whatever the order, age, umask and time zone', async () => {
    const name = fc.stringMatching(/^[a-z]{1,8}(\/[a-zé]{1,8})?\.[jt]s$/)
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.string({ unit: 'grapheme' }).map((text) => text.repeat(500)),
    )
    const program = content.map((text) => ({ run: String(text) }))
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, fc.oneof(content, program), { maxKeys: 6 }), async (files) => {
        const tree: Tree = { ...files, Dockerfile: DOCKERFILE }
        const one = await bundle(tree)
        const before = process.umask(0o077)
        vi.stubEnv('TZ', 'Pacific/Kiritimati')
        try {
          const source = await sourceTree(Object.fromEntries(Object.entries(tree).reverse()))
          await utimes(join(source, 'Dockerfile'), 1, 1)
          const other = await bundle({}, { source })
          expect(other.digest).toBe(one.digest)
          expect((await readFile(other.path)).equals(await readFile(one.path))).toBe(true)
        } finally {
          process.umask(before)
          vi.unstubAllEnvs()
        }
      }),
      { numRuns: 15 },
    )
  })

  test('has another digest when a name, a mode or a content differs', async () => {
    const trees: Tree[] = [
      { Dockerfile: DOCKERFILE, a: 'x' },
      { Dockerfile: DOCKERFILE, b: 'x' },
      { Dockerfile: DOCKERFILE, a: 'y' },
      { Dockerfile: DOCKERFILE, a: { run: 'x' } },
      { Dockerfile: DOCKERFILE, a: { link: 'x' } },
      { Dockerfile: DOCKERFILE, 'a/x': '' },
    ]
    const digests = await Promise.all(trees.map(async (tree) => (await bundle(tree)).digest))
    expect(new Set(digests).size).toBe(trees.length)
  })

  test('is read back by unzip with names, modes, links and the fixed date', async () => {
    const made = await bundle({
      Dockerfile: DOCKERFILE,
      'bin/run': { run: '#!/bin/sh\n' },
      run: { link: 'bin/run' },
    })
    const { stdout } = await run('unzip', ['-Z', '-T', made.path])
    expect(stdout).toMatch(
      /-rw-r--r-- .* 19800101\.000000 Dockerfile\n-rwxr-xr-x .* bin\/run\nlrwxrwxrwx .* run\n/,
    )
    await run('unzip', ['-tq', made.path])
  })

  test('gives back long contents, whether they compress, do not, or change in the middle', async () => {
    const noise = Buffer.from(
      Array.from({ length: 2_500_000 }, (_, index) => (Math.imul(index ^ 0x9e37, 0x85ebca6b) >>> 13) & 255),
    )
    const text = Buffer.from('the quick brown fox\n'.repeat(150_000))
    const files = {
      noise,
      text,
      both: Buffer.concat([text, noise, text]),
      exact: text.subarray(0, 1024 * 1024),
    }
    const made = await bundle({ Dockerfile: DOCKERFILE, ...files })
    await run('unzip', ['-tq', made.path])
    for (const [name, content] of Object.entries(files)) {
      const { stdout } = await run('unzip', ['-p', made.path, name], { encoding: 'buffer', maxBuffer: 1e8 })
      expect(stdout.equals(content), name).toBe(true)
    }
    expect(made.bytes).toBeLessThan(2 * noise.length + 200_000)
  })

  test('lies in a directory that nobody else may enter, and is gone when it is disposed of', async () => {
    const made = await bundle({ Dockerfile: DOCKERFILE })
    expect((await stat(dirname(made.path))).mode & 0o777).toBe(0o700)
    expect((await stat(made.path)).mode & 0o777).toBe(0o600)
    expect((await stat(made.path)).size).toBe(made.bytes)
    await made.dispose()
    await expect(stat(dirname(made.path))).rejects.toThrow('ENOENT')
  })
})

test('an abort leaves nothing behind and tells its reason', async () => {
  const source = await sourceTree({ Dockerfile: DOCKERFILE, big: Buffer.alloc(40_000_000, 'abcdefghij') })
  const temporary = await sourceTree({})
  vi.stubEnv('TMPDIR', temporary)
  onTestFinished(() => void vi.unstubAllEnvs())
  for (const afterMs of [0, 5, 20]) {
    const stop = new AbortController()
    const reason = new Error('Ctrl-C')
    setTimeout(() => stop.abort(reason), afterMs)
    const bundling = bundleSource({ source, include: [], projectDir: source, signal: stop.signal })
    await expect(bundling).rejects.toBe(reason)
    expect(await readdir(temporary)).toEqual([])
  }
})

test('a source that changes while it is bundled leaves nothing behind', async () => {
  const source = await sourceTree({ Dockerfile: DOCKERFILE, big: Buffer.alloc(40_000_000, 'abcdefghij') })
  const temporary = await sourceTree({})
  vi.stubEnv('TMPDIR', temporary)
  onTestFinished(() => void vi.unstubAllEnvs())
  const bundling = bundle({}, { source })
  setTimeout(() => void appendFile(join(source, 'Dockerfile'), '\n'), 20)
  await expect(bundling).rejects.toMatchObject({ code: 'LUC-SOURCE-CHANGED' })
  expect(await readdir(temporary)).toEqual([])
})
