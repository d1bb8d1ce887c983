import { lstat, readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Story } from '../lifecycle/story.ts'
import type { EngineLog } from './engine-log.ts'
import { readNginxConfiguration, type NginxConfiguration } from './nginx-configuration.ts'

/** What a real instance carries out of a bundle beside its Dockerfile: programs, options and resources, configuration of its proxy. */
const CARRIED_OUT = /^(?:\.ebextensions\/[^/]+\.config|\.platform\/(?:hooks|confighooks|nginx)\/.+)$/
/** So many are named. */
const MOST_NAMED = 6

/** Operations that have said it: each instance sees the same bundle. */
const told = new WeakSet<Story>()

/**
 * Says which files of a bundle nobody carries out here, and what is taken of its configuration of nginx: in the engine's log and, once an
 * operation, as events.
 */
export async function tellLeftOut(story: Story, sourceDir: string, engine: EngineLog): Promise<void> {
  const { honoured, ignored } = await readNginxConfiguration(sourceDir)
  const files = namesOf(await leftOutOf(sourceDir), honoured, ignored)
  const first = !told.has(story)
  told.add(story)
  if (honoured.length > 0) {
    const text = `The proxy of the embedded Elastic Beanstalk takes ${honoured.map(({ file, text }) => `${text} from ${file}`).join(', ')}.`
    engine.info(text)
    if (first) await story.say('INFO', text)
  }
  if (files.length === 0) return
  const more = files.length > MOST_NAMED ? ` and ${files.length - MOST_NAMED} more` : ''
  const text = `The embedded Elastic Beanstalk did not carry out ${files.slice(0, MOST_NAMED).join(', ')}${more}; AWS does.`
  engine.warn(text)
  if (first) await story.say('WARN', text)
}

type Lines = NginxConfiguration['ignored']

/** Of a file of which something holds, the lines that don't are named; one that holds whole isn't. */
function namesOf(files: string[], honoured: Lines, ignored: Lines): string[] {
  return files.flatMap((file) => {
    if (honoured.every((line) => line.file !== file)) return [file]
    const lines = ignored.filter((line) => line.file === file).map(({ text }) => text)
    return lines.length === 0 ? [] : [`${lines.join(' and ')} of ${file}`]
  })
}

/** Paths in the bundle, in order. */
async function leftOutOf(sourceDir: string): Promise<string[]> {
  const found = await Promise.all(
    ['.ebextensions', '.platform'].map((directory) => filesIn(join(sourceDir, directory))),
  )
  return found
    .flat()
    .map((path) => relative(sourceDir, path).split(sep).join('/'))
    .filter((path) => CARRIED_OUT.test(path))
    .sort()
}

async function filesIn(directory: string): Promise<string[]> {
  try {
    // A link may lead anywhere on this machine.
    if (!(await lstat(directory)).isDirectory()) return []
    const entries = await readdir(directory, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    throw error
  }
}
