import type { LeftPath } from '../bundle/list-source.ts'
import type { Style } from '../report/style.ts'
import type { BundleDocument } from './bundle-document.ts'

const BUILT_IN: Record<Exclude<LeftPath['reason'], 'rule'>, string> = {
  git: '.git never ships',
  env: '.env files ship only where "include" in lucree.json names them',
  special: 'neither a file nor a directory',
}

/** The bundle for people: with `list` a line for each path first; the last line says what the whole is. */
export function bundleLines(document: BundleDocument, style: Style, { list }: { list: boolean }): string[] {
  return [
    ...(list ? listed(document, style) : []),
    ...document.problems.flatMap(({ code, message, why, next }) => [
      `${style.red('A deploy would refuse it:')} ${visible(message)}${why === null ? '' : `: ${visible(why)}`} ${style.dim(`[${code}]`)}`,
      ...next.map((hint) => `    ${style.bold('mend:')} ${visible(hint)}`),
    ]),
    ...summary(document, list),
  ]
}

function listed({ files, directories, left }: BundleDocument, style: Style): string[] {
  const sizes = files.map(({ bytes }) => String(bytes))
  const width = Math.max(5, ...sizes.map((size) => size.length))
  return [
    style.bold(`${'BYTES'.padStart(width)}  MODE  FILE`),
    ...files.map(({ path, mode }, at) => `${(sizes[at] ?? '').padStart(width)}  ${mode}  ${visible(path)}`),
    ...directories.map((path) => `${'-'.padStart(width)}  0755  ${visible(path)}/`),
    ...(left.length > 0 ? ['', style.bold('LEFT OUT')] : []),
    ...left.map(
      (path) => `${visible(path.path)}${path.kind === 'directory' ? '/' : ''}  ${style.dim(whyLeft(path))}`,
    ),
    '',
  ]
}

function whyLeft({ reason, file, line, rule }: LeftPath): string {
  return reason === 'rule' ? `${file}:${line}: ${rule}` : BUILT_IN[reason]
}

function summary({ bundle, output, port, left }: BundleDocument, list: boolean): string[] {
  const more = list || left.length === 0 ? '' : `; ${left.length} paths are left out: lucree bundle --list`
  const to = port === null ? '' : `, port ${port}`
  if (!bundle) return []
  return [
    `${bundle.files} files, ${bundle.bytes} bytes as a zip${to}, digest ${bundle.digest.slice(0, 12)}${more}`,
    ...(output === null ? [] : [`Wrote ${output}; deploy it: lucree deploy --bundle ${output}`]),
  ]
}

/** A name may hold anything: what would move the cursor is written as an escape. */
function visible(text: string): string {
  return text.replace(
    /\p{Cc}/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}
