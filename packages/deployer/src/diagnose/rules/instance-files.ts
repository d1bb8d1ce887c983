import type { Clues } from '../clues.ts'
import { LOGS, type Rule, told } from '../rule.ts'

/** What the instance is handed, before anything is built or started of it. */
const HANDED = ['engine', 'event'] as const

/** The zip itself. lucree's own are sound; another program may have made this one. */
export const UNPACKED: Rule = told({
  name: 'the bundle can’t be unpacked',
  code: 'LUC-DEPLOY-BUNDLE',
  source:
    'eb-engine.log of the platform (unzip -q -o, every exit status but 0 fails); messages of Info-ZIP 6.00',
  texts:
    /\/usr\/bin\/unzip .*failed with error exit status \d+|failed to extract source bundle|source bundle has issues that caused the deployment to fail/i,
  places: [...HANDED],
  cause: (_, clues) => damageOf(clues),
  next: ['lucree deploy   # makes the bundle itself', LOGS],
})

function damageOf(clues: Clues): string {
  const [damaged] = clues.find(/(\S+) +bad CRC/, 'engine')?.groups ?? []
  if (damaged)
    return `The bundle is damaged: the checksum of ${damaged.replace(/^.*\/staging\//, '')} is wrong`
  if (clues.find(/appears to use backslashes/, 'engine'))
    return 'The bundle was made on Windows with backslashes in its names, which the platform doesn’t unpack'
  if (clues.find(/End-of-central-directory|zipfile corrupt|cannot find zipfile directory/i, 'engine'))
    return 'The bundle isn’t a zip, or a part of it is missing'
  return 'The platform could not unpack the bundle'
}

/** env.list, which the platform gives to `docker run --env-file`: what docker refuses of it, it refuses whole. */
export const ENVIRONMENT_FILE: Rule = told({
  name: 'docker refuses the properties',
  code: 'LUC-DEPLOY-ENV-FILE',
  source: 'docker run --env-file of 20.10, 26.1 and 28.2 (docker/cli opts/file.go)',
  texts:
    /poorly formatted environment: |invalid env file \([^)]*\): |env file \S+ contains invalid utf8 bytes|bufio\.Scanner: token too long/i,
  places: [...HANDED],
  cause: ({ line }, clues) => {
    const name = culprit(clues)
    const nothing = 'docker refuses the environment’s properties, and starts nothing'
    if (/token too long/.test(line)) return `${nothing}: ${name ?? 'one'} has more than 64 KiB`
    if (/invalid utf8/.test(line)) return `${nothing}: ${name ?? 'one'} is not UTF-8`
    return `${nothing}: ${name ?? 'one'} has a value of several lines, and docker can’t read one of them`
  },
  next: (_, clues) => {
    const name = culprit(clues)
    return [
      `lucree env unset ${name ?? 'NAME'}   # or set it as one line: base64 -w0 FILE | lucree env set ${name ?? 'NAME'}`,
      'lucree env list',
      LOGS,
    ]
  },
})

/** The embedded Beanstalk says whose line it is; docker only quotes the line. */
function culprit(clues: Clues): string | undefined {
  return clues.find(/It is a line of the value of ([^\s)]+?)\.\)/, 'engine')?.groups[0]
}
