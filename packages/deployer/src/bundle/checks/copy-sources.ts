import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { SourceError } from '../../errors.ts'
import type { Dockerfile, DockerInstruction } from '../dockerfile/parse-dockerfile.ts'
import { dockerPattern } from '../files/ignore-rules.ts'
import type { CheckedSource } from './checked-source.ts'

/** Refuses a COPY or ADD whose source `docker build` would not find on the instance. */
export function checkCopies(dockerfile: Dockerfile, source: CheckedSource): void {
  const context = source.entries
    .map((entry) => entry.path)
    .filter((path) => source.selection.inBuildContext(path))
  for (const instruction of dockerfile.stages.flatMap((stage) => stage.instructions)) {
    if (!takesFromContext(instruction)) continue
    for (const { value, written } of instruction.words.slice(0, -1)) {
      // Unknown: a variable that only the base image gives. Neither files: addresses, and texts that follow.
      if (value === undefined || /^(https?:\/\/|git@|git:\/\/|ssh:\/\/|<<)/.test(value)) continue
      if (!isThere(value, context, source)) throw absent(instruction, written, cleaned(value), source)
    }
  }
}

function takesFromContext({ keyword, flags }: DockerInstruction): boolean {
  return (keyword === 'COPY' || keyword === 'ADD') && !flags.some((flag) => flag.startsWith('--from='))
}

/** As BuildKit cleans it: nothing leads above the context. */
function cleaned(path: string): string {
  return posix.normalize(`/${path}`).replace(/^\/+|\/+$/g, '')
}

function isThere(written: string, context: string[], { entries }: CheckedSource): boolean {
  const path = cleaned(written)
  if (path === '') return true
  if (/[*?[\\]/.test(path)) return context.some(dockerPattern(path))
  if (context.some((found) => found === path || found.startsWith(`${path}/`))) return true
  // docker follows links on the way; where they lead has been checked already.
  return entries.some((entry) => entry.kind === 'symlink' && path.startsWith(`${entry.path}/`))
}

function absent(
  { keyword, line }: DockerInstruction,
  written: string,
  path: string,
  source: CheckedSource,
): SourceError {
  const { why, mend } = explain(path, source)
  return new SourceError(`Dockerfile:${line}: ${keyword} ${written}: it is not in the bundle`, {
    code: 'LUC-SOURCE-COPY',
    why,
    hints: mend,
  })
}

function explain(
  path: string,
  { name, directory, selection, entries }: CheckedSource,
): { why: string; mend: string[] } {
  const wild = /[*?[\\]/.test(path)
  const witness = wild || directory === undefined ? path : witnessOf(directory, path)
  const hidden = selection.reason(witness) ?? (wild ? undefined : selection.hiddenFromBuild(witness))
  if (hidden === 'env') {
    return {
      why: '.env files stay out of bundles',
      mend: [`If it holds no secret, name it in lucree.json: "include": ["${path}"]`],
    }
  }
  if (hidden === 'git') return { why: '.git stays out of bundles', mend: [`Take it out of the Dockerfile.`] }
  const ships = entries.some((entry) => entry.path === path)
  const exists = !wild && (ships || (directory !== undefined && existsSync(join(directory, path))))
  if (hidden && exists) {
    return {
      why: `${hidden.file}:${hidden.line} leaves it out: ${hidden.rule}`,
      mend: [`Change line ${hidden.line} of ${hidden.file}, or add a line after it: !${path}`],
    }
  }
  if (exists)
    return { why: 'it is an empty directory, and only files ship', mend: [`touch ${path}/.gitkeep`] }
  return {
    why: wild ? `nothing in ${name} that ships matches it` : `it does not exist in ${name}`,
    mend: [
      'Make it before you deploy: "build" in lucree.json names a command that runs first.',
      'Mend the path in the Dockerfile.',
    ],
  }
}

/** A file whose absence explains that of a directory: rules such as `dist/*` name what is in it, not the directory. */
function witnessOf(source: string, path: string): string {
  const full = join(source, path)
  if (!existsSync(full) || !statSync(full).isDirectory()) return path
  const [first] = readdirSync(full).sort()
  return first === undefined ? path : `${path}/${first}`
}
