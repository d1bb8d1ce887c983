import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { PlannedInstruction } from '@lucree/docker-context'
import { SourceError } from '../../errors.ts'
import type { CheckedSource } from './checked-source.ts'
import { mendOfHigher } from './deeper-dockerfile.ts'

interface Absence {
  instruction: Pick<PlannedInstruction, 'keyword' | 'line'>
  written: string
  /** What isn't in the context. */
  path: string
  /** The link that leads there. */
  link?: string | undefined
}

/** The refusal of a COPY or ADD whose source isn't in the build: why it isn't there, and what brings it in. */
export function absentSource(
  { instruction, written, path, link }: Absence,
  source: CheckedSource,
): SourceError {
  const { keyword, line } = instruction
  const { why, mend } = explain(path, source, link !== undefined)
  return new SourceError(`Dockerfile:${line}: ${keyword} ${written}: it is not in the bundle`, {
    code: 'LUC-SOURCE-COPY',
    why: link === undefined ? why : `the symlink ${link} leads to ${path}, and ${why}`,
    hints: mend,
  })
}

function explain(
  path: string,
  { name, directory, selection, entries }: CheckedSource,
  byLink: boolean,
): { why: string; mend: string[] } {
  const witness = directory === undefined ? path : witnessOf(directory, path)
  const hidden = selection.reason(witness) ?? selection.hiddenFromBuild(witness)
  if (hidden === 'env') {
    return {
      why: '.env files stay out of bundles',
      mend: [`If it holds no secret, name it in lucree.json: "include": ["${path}"]`],
    }
  }
  if (hidden === 'git') return { why: '.git stays out of bundles', mend: [`Take it out of the Dockerfile.`] }
  const ships = entries.some((entry) => entry.path === path)
  const exists = ships || (directory !== undefined && existsSync(join(directory, path)))
  if (hidden && exists) {
    return {
      why: `${hidden.file}:${hidden.line} leaves it out: ${hidden.rule}`,
      mend: [`Change line ${hidden.line} of ${hidden.file}, or add a line after it: !${path}`],
    }
  }
  if (exists) return { why: 'it is neither a file nor a directory', mend: ['Take it out of the Dockerfile.'] }
  const higher = directory === undefined || byLink ? undefined : mendOfHigher(directory, path)
  return {
    why: `it does not exist in ${name}`,
    mend: [
      ...(higher === undefined ? [] : [higher]),
      'Make it before you deploy: "build" in lucree.json names a command that runs first.',
      'Mend the path in the Dockerfile.',
    ],
  }
}

/** A file whose absence explains that of a directory: rules such as `dist/*` name what is in it, not the directory. */
export function witnessOf(source: string, path: string): string {
  const full = join(source, path)
  if (!existsSync(full) || !statSync(full).isDirectory()) return path
  const [first] = readdirSync(full).sort()
  return first === undefined ? path : `${path}/${first}`
}
