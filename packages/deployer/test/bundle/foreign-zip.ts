import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { put, sourceTree } from './source-tree.ts'

const run = promisify(execFile)

/** An entry as Python's zipfile writes it, which checks nothing. `host`: 0 is a FAT file system's, 3 is Unix. */
export interface ForeignEntry {
  name: string
  content: string
  /** With the file's type; 0 without. */
  mode?: number
  host?: number
  method?: 'stored' | 'deflated' | 'bzip2'
  /** A second name in the directory of the zip for the same bytes. */
  again?: string
}

const WRITE = `
import copy, json, sys, warnings, zipfile
warnings.simplefilter('ignore')
METHODS = {'stored': zipfile.ZIP_STORED, 'deflated': zipfile.ZIP_DEFLATED, 'bzip2': zipfile.ZIP_BZIP2}
with zipfile.ZipFile(sys.argv[1], 'w') as archive:
    for entry in json.load(open(sys.argv[2])):
        info = zipfile.ZipInfo('x')
        info.filename = entry['name']
        info.create_system = entry.get('host', 3)
        info.external_attr = entry.get('mode', 0o100644) << 16
        info.compress_type = METHODS[entry.get('method', 'stored')]
        archive.writestr(info, entry['content'])
        if 'again' in entry:
            other = copy.copy(info)
            other.filename = entry['again']
            archive.filelist.append(other)
`

/** Writes a zip that lucree would not make. */
export async function foreignZip(entries: ForeignEntry[]): Promise<string> {
  const directory = await sourceTree({})
  await put(directory, 'write.py', WRITE)
  await put(directory, 'entries.json', JSON.stringify(entries))
  const path = join(directory, 'foreign.zip')
  await run('python3', [join(directory, 'write.py'), path, join(directory, 'entries.json')])
  return path
}
