import type { CheckedSource, Warn } from './checked-source.ts'

const EXTENSION = /^\.ebextensions\/[^/]+\.config$/

/** Warns of files in `.ebextensions` that Beanstalk would fail to read: it stops the deployment then (`invalid YAML or JSON`). */
export async function checkExtensions({ entries, textOf }: CheckedSource, warn: Warn): Promise<void> {
  const extensions = entries.filter((entry) => entry.kind === 'file' && EXTENSION.test(entry.path))
  if (extensions.length === 0) return
  // A file of ours stands between: bundled, the library itself is CommonJS, whose names a dynamic import doesn't give.
  const { yamlProblem } = await import('./yaml-problem.ts')
  for (const { path } of extensions) {
    if (path.startsWith('.ebextensions/._')) {
      warn(
        `${path} is a file that macOS makes beside another; Beanstalk reads it as configuration and fails: rm ${path}, or leave it out with a line in .ebignore.`,
      )
      continue
    }
    const problem = yamlProblem(textOf(path) ?? '')
    if (problem !== undefined) {
      warn(
        `${path}:${problem.line}: it is neither YAML nor JSON, and Beanstalk stops the deployment then: ${problem.why}.`,
      )
    }
  }
}
