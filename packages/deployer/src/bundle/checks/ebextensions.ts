import type { CheckedSource, Warn } from './checked-source.ts'

const EXTENSION = /^\.ebextensions\/[^/]+\.config$/

/** Warns of files in `.ebextensions` that Beanstalk would fail to read: it stops the deployment then (`invalid YAML or JSON`). */
export async function checkExtensions({ entries, textOf }: CheckedSource, warn: Warn): Promise<void> {
  for (const { path } of entries.filter((entry) => entry.kind === 'file' && EXTENSION.test(entry.path))) {
    if (path.startsWith('.ebextensions/._')) {
      warn(
        `${path} is what a Mac keeps beside a file; Beanstalk reads it as configuration and fails: rm ${path}, or leave it out with a line in .ebignore.`,
      )
      continue
    }
    const problem = await problemOf(textOf(path) ?? '')
    if (problem !== undefined) {
      warn(
        `${path}:${problem.line}: it is neither YAML nor JSON, and Beanstalk stops a deployment for that: ${problem.why}.`,
      )
    }
  }
}

async function problemOf(text: string): Promise<{ line: number; why: string } | undefined> {
  const { parseAllDocuments } = await import('yaml')
  // Beanstalk reads YAML 1.1, where a key may stand twice.
  const documents = parseAllDocuments(text, { version: '1.1', uniqueKeys: false, prettyErrors: true })
  const error = [...documents].flatMap(({ errors }) => errors)[0]
  if (!error) return undefined
  const why = (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?\s*$/, '')
  return { line: error.linePos?.[0].line ?? 1, why }
}
