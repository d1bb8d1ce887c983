import type { ReleaseOutcome } from '../beanstalk/releases/release-record.ts'
import type { ReleasesResult } from '../deploy/releases.ts'
import { formatDuration } from '../report/duration.ts'
import type { Style } from '../report/style.ts'
import { table } from '../report/table.ts'
import { printable } from '../report/wording.ts'

type Entry = ReleasesResult['releases'][number]

/** The longest message in the table; `releases N` has it whole. */
const MESSAGE_CHARACTERS = 50

/** A line a release. Words carry the outcome; colour only repeats it. */
export function releaseTable({ environment, releases, unreadable }: ReleasesResult, style: Style): string[] {
  if (releases.length + unreadable.length === 0) return [`${environment} has no releases yet`]
  const rows = releases.map((release) => [
    String(release.number),
    release.outcome,
    release.command.replace(/^lucree /, ''),
    release.version ?? '',
    secondsOf(release.at),
    nameOf(release.by),
    release.durationMs === null ? '' : formatDuration(release.durationMs),
    shortened(release.message ?? release.revision?.subject ?? ''),
  ])
  const headings = ['RELEASE', 'OUTCOME', 'COMMAND', 'VERSION', 'AT', 'BY', 'TOOK', 'MESSAGE']
  const [head = '', ...lines] = table(
    headings,
    rows.map((row) => row.map(printable)),
    style,
  )
  return [head, ...lines.map((line, index) => coloured(line, releases[index]?.outcome, style))]
}

/** One release, a fact a line. */
export function releaseLines(release: Entry, style: Style): string[] {
  const { outcome, durationMs, cause, revision, bundle } = release
  const took = durationMs === null ? '' : ` after ${formatDuration(durationMs)}`
  const facts: [string, string | null | undefined][] = [
    ['Version', release.version],
    ['Bundle', bundle && `${bundle.key} (${bundle.digest.slice(0, 12)})`],
    ['Cause', cause && `${cause.sentence} [${cause.code}]`],
    ['At', secondsOf(release.at)],
    ['By', release.by],
    ['On', release.host],
    ['CI run', release.ciUrl],
    ['Command', `${release.command} (lucree ${release.lucree})`],
    ['Message', release.message],
    [
      'Commit',
      revision &&
        `${revision.commit.slice(0, 12)} ${revision.subject}${revision.dirty ? ' (with uncommitted changes)' : ''}`,
    ],
    ['Undo', release.undo],
  ]
  const properties = (release.properties ?? []).map(({ name, store, length, fingerprint }) =>
    [name, store, String(length), fingerprint].map(printable),
  )
  const secrets = (release.secrets ?? []).map(({ name, arn, versionId }) =>
    [name, 'secret', versionId ?? '', arn].map(printable),
  )
  return [
    `${style.bold(`Release ${release.number}`)} of ${release.environment}: ${paint(outcome, style)(outcome)}${took}`,
    ...facts.flatMap(([name, fact]) => (fact ? [`${name.padEnd(8)} ${printable(fact)}`] : [])),
    ...(properties.length > 0
      ? ['', ...table(['NAME', 'STORE', 'BYTES', 'FINGERPRINT'], properties, style)]
      : []),
    ...(secrets.length > 0 ? ['', ...table(['NAME', 'STORE', 'VERSION', 'ARN'], secrets, style)] : []),
  ]
}

/** The table's columns are measured before colours come into them. */
function coloured(line: string, outcome: ReleaseOutcome | undefined, style: Style): string {
  return outcome ? line.replace(outcome, paint(outcome, style)) : line
}

function paint(outcome: ReleaseOutcome, style: Style): (text: string) => string {
  switch (outcome) {
    case 'deployed':
      return style.green
    case 'in-progress':
      return style.cyan
    case 'failed':
      return style.red
    case 'rolled-back':
    case 'timed-out':
    case 'interrupted':
      return style.yellow
    default:
      return outcome satisfies never
  }
}

function secondsOf(at: string): string {
  return at.replace(/\.\d+Z$/, 'Z')
}

/** `user/ana` of an ARN. */
function nameOf(arn: string): string {
  return arn.split(':').slice(5).join(':') || arn
}

function shortened(text: string): string {
  const characters = [...text]
  return characters.length > MESSAGE_CHARACTERS
    ? `${characters.slice(0, MESSAGE_CHARACTERS - 1).join('')}…`
    : text
}
