import { execFile } from 'node:child_process'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { bundleZip } from '../../src/bundle/bundle-zip.ts'
import { readZip } from '../../src/bundle/zip/read-zip.ts'
import { bundle, DOCKERFILE, refusal } from './bundled.ts'
import { foreignZip, type ForeignEntry } from './foreign-zip.ts'
import { sourceTree } from './source-tree.ts'

const run = promisify(execFile)
const signal = new AbortController().signal
const dockerfile: ForeignEntry = { name: 'Dockerfile', content: DOCKERFILE }

async function taken(file: string) {
  const made = await bundleZip({ file, signal })
  onTestFinished(() => made.dispose())
  return made
}

describe('a zip that is given', () => {
  test('has the digest of the directory that lucree made it of, and its own bytes', async () => {
    const own = await bundle({ Dockerfile: DOCKERFILE, 'a/run': { run: 'x' }, l: { link: 'a/run' } })
    const given = await taken(own.path)
    expect(given).toMatchObject({ digest: own.digest, bytes: own.bytes, port: 8080, images: ['node:24'] })
    expect(given.entries.map(({ path, mode, kind }) => [path, mode, kind])).toEqual(
      own.entries.map(({ path, mode, kind }) => [path, mode, kind]),
    )
    expect((await readFile(given.path)).equals(await readFile(own.path))).toBe(true)
  })

  test('is a copy that the owner alone can read and that goes when it is disposed of', async () => {
    const given = await taken((await bundle({ Dockerfile: DOCKERFILE })).path)
    expect((await stat(dirname(given.path))).mode & 0o777).toBe(0o700)
    await given.dispose()
    await expect(stat(given.path)).rejects.toThrow('ENOENT')
  })

  test('may be made by zip or by git archive', async () => {
    const source = await sourceTree({ Dockerfile: DOCKERFILE, 'a/é.txt': 'x'.repeat(5_000) })
    const out = await sourceTree({})
    await run('zip', ['-qr', join(out, 'zip.zip'), '.'], { cwd: source })
    const git = (...words: string[]) =>
      run('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: source })
    await git('init', '-q')
    await git('add', '.')
    await git('commit', '-qm', 'x')
    await git('archive', '-o', join(out, 'git.zip'), 'HEAD')
    for (const name of ['zip.zip', 'git.zip']) {
      const { entries } = await taken(join(out, name))
      const files = entries.filter(({ kind }) => kind === 'file')
      expect(files.map(({ path }) => path)).toEqual(['Dockerfile', 'a/é.txt'])
    }
  })

  test('counts as unzip -o leaves it: the last of two entries, a backslash of Unix, a mode where there is none', async () => {
    const zip = await foreignZip([
      { name: 'Dockerfile', content: 'FROM nothing' },
      { name: 'a\\b', content: '1' },
      { name: 'd/', content: '', mode: 0o040700 },
      { name: 'none', content: '2', mode: 0, host: 0 },
      { name: 'own', content: '3', mode: 0o104640 },
      dockerfile,
    ])
    const { entries, port } = await taken(zip)
    expect(port).toBe(8080)
    expect(entries.map(({ path, mode, kind }) => [path, mode.toString(8), kind])).toEqual([
      ['Dockerfile', '644', 'file'],
      ['a\\b', '644', 'file'],
      ['d', '700', 'directory'],
      ['none', '644', 'file'],
      ['own', '640', 'file'],
    ])
  })

  test('is read as it is where its Dockerfile is long', async () => {
    const content = `${DOCKERFILE}${`# ${'x'.repeat(1_000)}\n`.repeat(2_000)}`
    const { port } = await taken(await foreignZip([{ name: 'Dockerfile', content, method: 'deflated' }]))
    expect(port).toBe(8080)
  })

  test('is read no further once the command is aborted, within an entry too', async () => {
    const zip = await foreignZip([{ name: 'a', content: 'x'.repeat(3_000_000), method: 'deflated' }])
    const stop = new AbortController()
    let looks = 0
    vi.spyOn(stop.signal, 'throwIfAborted').mockImplementation(() => {
      if (++looks < 3) return
      stop.abort()
      throw new Error('enough')
    })
    await expect(readZip(zip, zip, stop.signal)).rejects.toThrow('enough')
  })

  test('is checked by its own ignore file, and by what is in it', async () => {
    const copies = { name: 'Dockerfile', content: `${DOCKERFILE}COPY a.js /\n` }
    const hidden = await refusal(
      taken(
        await foreignZip([
          copies,
          { name: '.dockerignore', content: '*.js\n' },
          { name: 'a.js', content: '' },
        ]),
      ),
    )
    expect(hidden).toMatchObject({ code: 'LUC-SOURCE-COPY', why: '.dockerignore:1 leaves it out: *.js' })
    const absent = await refusal(taken(await foreignZip([copies])))
    expect(absent).toMatchObject({ code: 'LUC-SOURCE-COPY', exitCode: 4 })
    expect(absent.why).toMatch(/^it does not exist in .*foreign\.zip$/)
  })

  test('whose files lie in a directory names the directory to make it in', async () => {
    const error = await refusal(taken(await foreignZip([{ name: 'shop/Dockerfile', content: DOCKERFILE }])))
    expect(error.code).toBe('LUC-SOURCE-NO-DOCKERFILE')
    expect(error.hints[0]).toContain('cd shop && lucree bundle --output ../bundle.zip')
  })
})

describe('refused is a zip', () => {
  test.each<[string, ForeignEntry]>([
    ['leads out of the directory', { name: 'a/../../b', content: '' }],
    ['is an absolute name', { name: '/etc/motd', content: '' }],
    ['has backslashes in place of slashes', { name: 'a\\b', content: '', host: 0 }],
    ['unsupported compression method: 12', { name: 'a', content: 'a', method: 'bzip2' }],
  ])('with a name that %s', async (why, entry) => {
    const error = await refusal(taken(await foreignZip([dockerfile, entry])))
    expect(error).toMatchObject({ code: 'LUC-SOURCE-ZIP', exitCode: 4 })
    expect(error.why).toContain(why)
  })

  test('whose entries overlap, as by unzip', async () => {
    const zip = await foreignZip([dockerfile, { name: 'a', content: 'x'.repeat(5_000), again: 'b' }])
    await expect(run('unzip', ['-q', '-o', zip, '-d', dirname(zip)])).rejects.toMatchObject({ code: 12 })
    expect((await refusal(taken(zip))).why).toBe(
      'its entries overlap, which unzip on the instance takes for a bomb',
    )
  })

  test('with a Dockerfile that no builder reads, or a link longer than any path', async () => {
    const method = 'deflated'
    const large = { name: 'Dockerfile', content: '#'.repeat(16 * 1024 * 1024 + 1), method } as const
    expect((await refusal(taken(await foreignZip([large])))).why).toContain('more than 16 MiB')
    const link = { name: 'l', content: 'x'.repeat(5_000), mode: 0o120777, method } as const
    expect((await refusal(taken(await foreignZip([dockerfile, link])))).why).toContain('l is a symlink')
  })

  test('that is encrypted', async () => {
    const source = await sourceTree({ Dockerfile: DOCKERFILE })
    await run('zip', ['-qr', '-P', 'secret', 'e.zip', 'Dockerfile'], { cwd: source })
    const error = await refusal(taken(join(source, 'e.zip')))
    expect(error.why).toBe('Dockerfile is encrypted, and Beanstalk has no password')
  })

  test('with a wrong checksum, cut off, or none at all', async () => {
    const zip = await foreignZip([dockerfile, { name: 'a', content: 'the content' }])
    const bytes = await readFile(zip)
    const other = Buffer.from(bytes)
    other.write('THE', bytes.indexOf('the content'))
    await writeFile(zip, other)
    expect((await refusal(taken(zip))).why).toBe('a is damaged: its checksum is wrong')
    await writeFile(zip, bytes.subarray(0, bytes.length - 30))
    expect((await refusal(taken(zip))).code).toBe('LUC-SOURCE-ZIP')
    await writeFile(zip, 'PK? no')
    expect((await refusal(taken(zip))).code).toBe('LUC-SOURCE-ZIP')
  })

  test('that is not there, or is a directory', async () => {
    const directory = await sourceTree({})
    expect((await refusal(taken(join(directory, 'no.zip')))).why).toBe('there is no such file')
    expect((await refusal(taken(directory))).why).toBe('it is a directory')
  })
})
