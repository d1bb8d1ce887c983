import { ZipArchive } from 'archiver'
import { lstat, mkdtemp, readdir, readFile, readlink, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { unzip } from '../../../../src/services/elasticbeanstalk/instance/unzip.ts'
import { oddZip, type OddEntry } from './odd-zip.ts'

async function unpackBytes(zip: Buffer): Promise<string> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'lucree-unzip-')))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  await writeFile(join(dir, 'bundle.zip'), zip)
  const target = join(dir, 'staging')
  await unzip(join(dir, 'bundle.zip'), target, new AbortController().signal)
  expect((await readdir(dir)).sort()).toEqual(['bundle.zip', 'staging'])
  return target
}

async function unpack(fill: (archive: ZipArchive) => void, options = {}): Promise<string> {
  const archive = new ZipArchive(options)
  const zip = buffer(archive)
  fill(archive)
  await archive.finalize()
  return unpackBytes(await zip)
}

const FILE = 0o100644
const PROGRAM = 0o100755
const LINK = 0o120777
const DIRECTORY = 0o040755

test('keeps modes, folders, links and contents', async () => {
  const target = await unpack((archive) => {
    archive.append('#!/bin/sh', { name: 'hooks/run.sh', mode: 0o755 })
    archive.append('plain', { name: 'deep/er/file', mode: 0o644 })
    archive.symlink('link', 'deep/er/file')
  })
  expect((await stat(join(target, 'hooks/run.sh'))).mode & 0o777).toBe(0o755)
  expect((await stat(join(target, 'deep/er/file'))).mode & 0o777).toBe(0o644)
  expect(await readlink(join(target, 'link'))).toBe('deep/er/file')
  expect((await lstat(join(target, 'link'))).isSymbolicLink()).toBe(true)
  expect(await readFile(join(target, 'link'), 'utf8')).toBe('plain')
})

test('takes a zip64, with its sizes behind the content', async () => {
  const content = 'hello '.repeat(5000)
  const target = await unpack((archive) => archive.append(content, { name: 'file' }), { forceZip64: true })
  expect(await readFile(join(target, 'file'), 'utf8')).toBe(content)
})

/** `path` of a directory ends with a slash; `-> target` of a link; permissions and content of a file. */
async function treeOf(target: string): Promise<string[]> {
  const entries = await readdir(target, { recursive: true, withFileTypes: true })
  const lines = entries.map(async (entry) => {
    const full = join(entry.parentPath, entry.name)
    const path = relative(target, full)
    if (entry.isSymbolicLink()) return `${path} -> ${await readlink(full)}`
    const mode = ((await stat(full)).mode & 0o7777).toString(8)
    return entry.isDirectory() ? `${mode} ${path}/` : `${mode} ${path} ${await readFile(full, 'utf8')}`
  })
  return (await Promise.all(lines)).sort()
}

// What Debian's unzip 6.00 leaves with -q -o and a umask of 022; where it leaves an owner who may not read or write, the embedded one adds that.
test.each<[string, OddEntry[], string[]]>([
  [
    'two entries of one name: the last counts, its mode too',
    [
      { name: 'f', data: 'one', mode: FILE },
      { name: 'f', data: 'two', mode: PROGRAM },
    ],
    ['755 f two'],
  ],
  ['a backslash in a name made on Unix', [{ name: 'a\\b', data: 'x', mode: FILE }], ['644 a\\b x']],
  [
    'a backslash beside a slash in a name made on Windows',
    [{ name: 'a/b\\c', data: 'x', made: 0 }],
    ['644 a/b\\c x', '755 a/'],
  ],
  ['a colon, a star and blanks', [{ name: 'a:b * c', data: 'x', mode: FILE }], ['644 a:b * c x']],
  [
    'names of other scripts, flagged or not',
    [
      { name: 'café', data: 'x', mode: FILE },
      { name: Buffer.from('naïve'), data: 'x', mode: FILE },
    ],
    ['644 café x', '644 naïve x'],
  ],
  ['characters that can’t be printed are left out', [{ name: 'a\tb\n', mode: FILE }], ['644 ab ']],
  [
    'dots in a path are left out, those that lead upwards too',
    [
      { name: './a', mode: FILE },
      { name: 'b//c', mode: FILE },
      { name: '../evil', mode: FILE },
      { name: 'd/../../e', mode: FILE },
      { name: '..', mode: FILE },
    ],
    ['644 __ ', '644 a ', '644 b/c ', '644 d/e ', '644 evil ', '755 b/', '755 d/'],
  ],
  [
    'version numbers of VMS',
    [
      { name: 'f.txt;1', mode: FILE },
      { name: 'g;a', mode: FILE },
    ],
    ['644 f.txt ', '644 g;a '],
  ],
  [
    'modes without set-id and sticky bits, whatever the umask',
    [
      { name: 'a', mode: 0o104755 },
      { name: 'b', mode: 0o101777 },
      { name: 'c', mode: 0o100666 },
      { name: 'd', mode: 0o755 },
    ],
    ['666 c ', '755 a ', '755 d ', '777 b '],
  ],
  [
    'modes that keep their owner out',
    [
      { name: 'none', mode: 0o100000 },
      { name: 'read', mode: 0o100444 },
      { name: 'nothing', mode: 0 },
    ],
    ['600 none ', '600 nothing ', '644 read '],
  ],
  [
    'attributes of DOS, Windows and macOS, of which Unix modes count only when PKZip agrees with itself',
    [
      { name: 'dos', made: 0 },
      { name: 'agreed', made: 0, mode: 0o100640 },
      { name: 'program', made: 0, mode: PROGRAM },
      { name: 'ntfs', made: 10, mode: PROGRAM },
      { name: 'mac', made: 19, mode: PROGRAM },
      { name: 'link', data: 'x', made: 0, mode: 0o120600 },
      { name: 'no-link', data: 'x', made: 0, mode: LINK },
    ],
    ['640 agreed ', '644 dos ', '644 mac ', '644 no-link x', '644 ntfs ', '644 program ', 'link -> x'],
  ],
  [
    'directories: the entry that makes one gives it its mode',
    [
      { name: 'd/', mode: 0o040700 },
      { name: 'd/x', mode: FILE },
      { name: 'd/', mode: DIRECTORY },
      { name: 'e/x', mode: FILE },
      { name: 'e/', mode: 0o040700 },
      { name: 'f/', data: 'ignored', mode: FILE },
      { name: 'g/', made: 0, dos: 16 },
    ],
    ['644 d/x ', '644 e/x ', '700 d/', '744 f/', '755 e/', '755 g/'],
  ],
  [
    'links, wherever they lead',
    [
      { name: 'in', data: 'd/t', mode: LINK },
      { name: 'away', data: '/etc/passwd', mode: LINK },
      { name: 'up', data: '../../x', mode: LINK },
      { name: 'd/t', data: 'x', mode: FILE },
    ],
    ['644 d/t x', '755 d/', 'away -> /etc/passwd', 'in -> d/t', 'up -> ../../x'],
  ],
  [
    'links in place of files and files in place of links',
    [
      { name: 't', data: 'safe', mode: FILE },
      { name: 'a', data: 't', mode: LINK },
      { name: 'a', data: 'x', mode: FILE },
      { name: 'b', data: 'x', mode: FILE },
      { name: 'b', data: 't', mode: LINK },
      { name: 'c', data: 'a', mode: LINK },
      { name: 'c', data: 'b', mode: LINK },
    ],
    ['644 a x', '644 t safe', 'b -> t', 'c -> b'],
  ],
  ['a link to nothing is an empty file', [{ name: 'l', mode: LINK }], ['777 l ']],
  ['pipes and devices are files', [{ name: 'p', data: 'hey', mode: 0o010644 }], ['644 p hey']],
])('takes %s', async (_, entries, tree) => {
  expect(await treeOf(await unpackBytes(oddZip(entries)))).toEqual(tree)
})

test.each<[string, OddEntry[], number, string]>([
  [
    'a wrong checksum',
    [{ name: 'a', data: 'hellx', mode: FILE, crc: 0x3610a686 }],
    2,
    '/var/app/staging/a      bad CRC b5c32341  (should be 3610a686)',
  ],
  [
    'backslashes of Windows',
    [{ name: 'a\\b', made: 0 }],
    1,
    'warning:  /opt/elasticbeanstalk/deployment/app_source_bundle appears to use backslashes as path separators',
  ],
  [
    'an absolute name',
    [{ name: '/tmp/evil', mode: FILE }],
    1,
    'warning:  stripped absolute path spec from /tmp/evil',
  ],
  [
    'a file where a directory should be',
    [
      { name: 'f', mode: FILE },
      { name: 'f/g', mode: FILE },
    ],
    2,
    'checkdir error:  /var/app/staging/f exists but is not directory\n                 unable to process f/g.',
  ],
  [
    'a file in place of a directory',
    [
      { name: 'f/', mode: DIRECTORY },
      { name: 'f', mode: FILE },
    ],
    50,
    'error:  cannot delete old /var/app/staging/f\n        Is a directory',
  ],
  [
    'an entry that lies behind a link',
    [
      { name: 'd/', mode: DIRECTORY },
      { name: 'l', data: 'd', mode: LINK },
      { name: 'l/f', mode: FILE },
    ],
    2,
    'checkdir error:  /var/app/staging/l exists but is not directory\n                 unable to process l/f.',
  ],
  ['nothing in it', [], 1, 'warning:  zipfile is empty'],
  ['a name that is nothing', [{ name: 'k/;1', mode: FILE }], 2, 'mapname:  conversion of k/;1 failed'],
  [
    'a name that is too long',
    [{ name: 'a'.repeat(300), mode: FILE }],
    50,
    `error:  cannot create /var/app/staging/${'a'.repeat(300)}\n        File name too long`,
  ],
])('refuses %s with unzip’s own words and exit status', async (_, entries, status, message) => {
  await expect(unpackBytes(oddZip(entries))).rejects.toMatchObject({ name: 'UnzipFailure', status, message })
})

test.each<[string, (zip: Buffer) => Buffer, number]>([
  ['a zip that was cut off', (zip) => zip.subarray(0, -30), 9],
  ['a zip whose beginning is gone', (zip) => zip.subarray(20), 3],
  ['what is no zip', () => Buffer.from('PK not a zip'), 9],
])('refuses %s', async (_, spoil, status) => {
  const zip = oddZip([
    { name: 'a', data: 'x'.repeat(100), mode: FILE },
    { name: 'b', data: 'y', mode: FILE },
  ])
  await expect(unpackBytes(spoil(zip))).rejects.toMatchObject({ name: 'UnzipFailure', status })
})
