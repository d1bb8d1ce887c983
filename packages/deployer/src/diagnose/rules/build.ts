import { BUILD_ERROR, type Clues } from '../clues.ts'
import { EVIDENCE_LINES } from '../evidence.ts'
import { deployOnce, LOGS, onlyWhen, type Rule, told } from '../rule.ts'
import { UNREADABLE } from './dockerfile.ts'
import { WRONG_PROCESSOR } from './image.ts'
import { instanceOf } from './instance.ts'
import { NEEDS_ENGINE } from './process-runtime.ts'

/** Right whether or not the last line of the file has a newline at its end. */
const COMPOSE_ASIDE = "printf '\\n%s\\n' docker-compose.yml >> .dockerignore   # then: lucree deploy"

const PLATFORM = ['engine', 'event', 'refusal'] as const

/** Told before what it brings down: a build, a pull, a start. */
export const DISK_FULL: Rule = told({
  name: 'the disk is full',
  code: 'LUC-DEPLOY-DISK-FULL',
  source: 'facts §1.7, §6.1 row 31',
  texts: /no space left on device|ENOSPC|Thin Pool has 0 free data blocks/i,
  places: ['engine', 'docker', 'event', 'cause', 'output'],
  cause: 'The instance has no space left on its disk',
  next: [
    'lucree console   # Configuration, Instances: a larger root volume',
    'docker build . && docker images   # how large the image is',
  ],
})

/** What the bundle holds, before anything is built of it. */
export const BUNDLE: Rule[] = [
  told({
    name: 'the Dockerfile is missing',
    code: 'LUC-DEPLOY-NO-DOCKERFILE',
    source: 'facts §1.3, §6.1 row 1',
    texts:
      /'?Dockerfile'? and '?Dockerrun\.aws\.json'? are missing|failed to read dockerfile|Dockerfile: no such file or directory|Unable to evaluate symlinks in Dockerfile path/i,
    places: [...PLATFORM],
    cause: 'The bundle has neither a Dockerfile nor a Dockerrun.aws.json at its root',
    next: [
      deployOnce('a file named exactly Dockerfile lies in the directory that "source" in lucree.json names'),
      'lucree deploy --dry-run   # checks the bundle and sends nothing',
    ],
  }),
  told({
    name: 'a compose file can’t be read',
    code: 'LUC-DEPLOY-COMPOSE',
    source: 'facts §6.1 row 9',
    texts: /docker[ -]compose config failed|invalid interpolation format/i,
    places: [...PLATFORM],
    cause:
      'docker-compose.yml is taken before the Dockerfile, and the platform can’t read it: `${X:default}` must be `${X:-default}`',
    next: [COMPOSE_ASIDE, deployOnce('it is mended')],
  }),
  told({
    name: 'a Dockerrun.aws.json can’t be read',
    code: 'LUC-DEPLOY-DOCKERRUN',
    source: 'facts §1.3, §6.1 row 10',
    texts:
      /Invalid Dockerrun\.aws\.json|Dockerrun\.aws\.json is not valid JSON|unsupported[^.]{0,40}Dockerrun|Dockerrun[^.]{0,40}unsupported|Failed to pull Docker image :latest|Invalid repository name/i,
    places: [...PLATFORM],
    cause:
      'Dockerrun.aws.json is not one that the Docker platform reads: it takes "AWSEBDockerrunVersion": "1"',
    next: [
      deployOnce(
        'Dockerrun.aws.json has "AWSEBDockerrunVersion": "1", or is gone where a Dockerfile says it all',
      ),
    ],
  }),
]

const composeWins: Rule[] = [
  told({
    name: 'a compose file is in the way',
    code: 'LUC-DEPLOY-COMPOSE',
    source: 'facts §1.3; text of the embedded Beanstalk',
    texts: /'?docker-compose\.yml'? (?:file, which|takes precedence)/i,
    places: [...PLATFORM],
    cause:
      'The bundle has a docker-compose.yml, which Beanstalk takes before Dockerfile and Dockerrun.aws.json',
    next: [COMPOSE_ASIDE],
  }),
  told({
    name: 'a compose file wins over the Dockerfile',
    code: 'LUC-DEPLOY-COMPOSE',
    source: 'facts §1.3, §6.1 row 8',
    texts: /Detected both docker-compose\.ya?ml and Dockerrun/i,
    places: [...PLATFORM],
    // A warning, which comes with deployments that work as well.
    confidence: 'likely',
    cause:
      'The bundle has a docker-compose.yml, which Beanstalk takes before Dockerfile and Dockerrun.aws.json',
    next: [COMPOSE_ASIDE],
  }),
]

/** What can go wrong inside of `docker build`. Asked only when the build has failed. */
const buildRules: Rule[] = [
  WRONG_PROCESSOR,
  NEEDS_ENGINE,
  ...UNREADABLE,
  told({
    name: 'the build ran out of memory',
    code: 'LUC-DEPLOY-BUILD-MEMORY',
    source: 'facts §1.7 (Build RAM), §6.1 row 11',
    texts:
      /returned a non-zero code: 137|exit(?:ed with)? (?:code|status):? 137|heap out of memory|Cannot allocate memory|signal: killed|^Killed$|\bENOMEM\b|exit signal SIGKILL/i,
    places: ['engine'],
    cause: (_, clues) => `The build was killed because it needs more memory than ${instanceOf(clues)} has`,
    next: [
      deployOnce(
        '"build" in lucree.json compiles the application here, so that the Dockerfile only copies it',
      ),
      'lucree deploy   # once "instanceType" in lucree.json is a larger one',
    ],
    show: buildLines,
  }),
  told({
    name: 'a file to copy is missing in another stage',
    code: 'LUC-DEPLOY-BUILD-FAILED',
    source: 'texts of docker build, BuildKit and Podman',
    texts:
      /COPY failed: stat ([^\s:]+): file does not exist|lstat \S*\/(?:buildkit-mount\d+|merged)(\/[^\s:]+): no such file|building at STEP "(?:COPY|ADD) --from=.*copier: stat: \[?"([^"]+)"/i,
    places: ['engine'],
    cause: ({ groups }) =>
      `The Dockerfile copies ${groups.find(Boolean) ?? 'a file'} from another stage or image, and it isn’t there`,
    next: ({ groups }) => [
      deployOnce(`the stage that COPY --from names makes ${groups.find(Boolean) ?? 'the file'}`),
      'docker build .   # shows the same',
    ],
    show: buildLines,
  }),
  told({
    name: 'a file to copy is missing',
    code: 'LUC-DEPLOY-BUILD-FAILED',
    source: 'facts §6.1 row 3; texts of docker build, BuildKit and Podman',
    texts:
      /(?:COPY|ADD) failed:?.*?(?:stat |no source files|not found in build context).*|failed to (?:compute cache key|calculate checksum)[^"]*(?:"([^"]+)")?: .*not found|lstat ([^\s:]+): no such file|"([^"]+)": not found|"([^"]+)" not found: not found|copier: stat: \[?"([^"]+)"/i,
    places: ['engine'],
    cause: (match) => {
      const path = match.groups.find(Boolean) ?? copied(match.line)
      return `The Dockerfile copies ${path ?? 'a file'}, which is not in the bundle`
    },
    next: (match) => [
      deployOnce(
        `${match.groups.find(Boolean) ?? copied(match.line) ?? 'the file'} exists and .dockerignore doesn’t leave it out`,
      ),
      'lucree deploy --dry-run   # checks every COPY and sends nothing',
    ],
    show: buildLines,
  }),
  told({
    name: 'the lock file is missing or old',
    code: 'LUC-DEPLOY-BUILD-FAILED',
    source: 'facts §6 story 3; texts of npm, yarn and pnpm',
    texts:
      /npm ci`? (?:command )?can only install|\bEUSAGE\b|package\.json and package-lock\.json.*in sync|lockfile needs to be updated|ERR_PNPM_(?:NO_LOCKFILE|OUTDATED_LOCKFILE)|frozen-lockfile|aliases: clean-install, ic\b/i,
    places: ['engine'],
    cause: 'The package manager found no lock file in the image, or one that is older than package.json',
    next: [
      'npm install   # writes package-lock.json; commit it, COPY it beside package.json, then: lucree deploy',
    ],
    show: buildLines,
  }),
  told({
    name: 'the build has no network',
    code: 'LUC-DEPLOY-BUILD-FAILED',
    source: 'texts of npm, apt, curl and pip',
    texts:
      /\b(?:EAI_AGAIN|ENETUNREACH|ETIMEDOUT)\b|Could not resolve (?:host|'[^']+')|Temporary failure (?:resolving|in name resolution)|network is unreachable|Could not connect to [\w.]+/i,
    places: ['engine'],
    cause: 'A step of the build reached for the network and got no answer',
    next: [
      deployOnce('the subnets have a way out to the internet, or the build needs nothing from there'),
      'lucree doctor   # checks the network',
    ],
    show: buildLines,
  }),
  {
    name: 'a step of the build failed',
    code: 'LUC-DEPLOY-BUILD-FAILED',
    source: 'facts §3.4 G, §6.1 row 3',
    find: (clues) => {
      const step = failedStep(clues)
      const exit = clues.find(
        /(?:non-zero code|exit code): ?(\d+)|while running runtime: exit status (\d+)/,
        'engine',
      )
      const code = exit?.groups.find(Boolean)
      return {
        cause: step
          ? `The Docker image could not be built: ${step} failed${code ? ` with exit code ${code}` : ''}`
          : 'The Docker image could not be built',
        confidence: 'certain',
        evidence: buildLines(clues),
        next: ['docker build .   # shows the same; mend it, then: lucree deploy', LOGS],
      }
    },
  },
]

/** Told by state of the build alone, so that a text of the application's never passes for one of the builder's. */
export const BUILD: Rule[] = [...onlyWhen((clues) => clues.build !== undefined, buildRules), ...composeWins]

/** Layers and containers that a builder counts, and its rules: no part of what went wrong. */
const NOISE =
  /^(?:\d{4}\/\S+ \S+ \[INFO\] ?)?(?:\s*-{2,3}>|-{6}$|Removing intermediate container|#\d+ (?:CACHED|DONE|CANCELED|sha256:|extracting|transferring|resolve)|#\d+ \[internal\])/

/** Where the failed step begins, by Docker's classic builder, Podman's and BuildKit, which repeats its end. */
const STEP = /(?:Step \d+\/\d+ :|STEP \d+\/\d+:| > \[[^\]]*\d+\/\d+\]) /

/** What the engine did and said, without what a builder only counts. */
export function engineLines(clues: Clues): string[] {
  return clues.lines('engine').filter((line) => !NOISE.test(line))
}

/** The failed step of the build with its end: what stands before the engine's own closing lines. */
export function buildLines(clues: Clues): string[] {
  const lines = engineLines(clues)
  const failed = lines.findLastIndex(
    (line) => BUILD_ERROR.test(line) && !/\[ERROR\] An error occurred/.test(line),
  )
  const end = failed < 0 ? lines.length : failed + 1
  const step = lines.slice(0, end).findLastIndex((line) => STEP.test(line))
  const shown = lines.slice(Math.max(step, 0), end).slice(-EVIDENCE_LINES)
  return shown.length > 0 ? shown : clues.errors
}

/** `RUN npm ci` of `Step 4/5 : RUN npm ci`, of Podman's `STEP 4/5: RUN npm ci` or of BuildKit's `> [4/5] RUN npm ci:`. */
function failedStep(clues: Clues): string | undefined {
  const buildKit = clues.find(/> \[[^\]]*\d+\/\d+\] (.+?):?$/, 'engine')?.groups[0]
  const classic = clues.find(/(?:Step \d+\/\d+ :|STEP \d+\/\d+:) (.+)$/, 'engine')?.groups[0]
  const command = clues.find(/The command '(?:\/bin\/sh -c )?(.+)' returned a non-zero code/, 'engine')
    ?.groups[0]
  const step = buildKit ?? classic ?? (command && `RUN ${command}`)
  return step && (step.length > 100 ? `${step.slice(0, 100)}…` : step)
}

function copied(line: string): string | undefined {
  return /(?:stat|lstat) (?:\S*\/docker\/tmp\/[^/\s]+\/|\/var\/lib\/docker\/\S+?\/)?([^\s:]+):/.exec(
    line,
  )?.[1]
}
