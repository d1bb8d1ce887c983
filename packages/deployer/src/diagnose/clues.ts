import type { Evidence } from './evidence.ts'
import { ownLogs } from './own-logs.ts'
import { redactor } from './redact.ts'
import { isOfThisOperation } from './this-operation.ts'

/** Where something can have been said. */
export type Place =
  'engine' | 'output' | 'proxy' | 'hooks' | 'docker' | 'event' | 'cause' | 'activity' | 'target' | 'refusal'

/** The first line that a pattern matched. */
export interface Match {
  line: string
  place: Place
  groups: (string | undefined)[]
}

/** How the application's container ended. */
export interface End {
  exitCode: number | undefined
  outOfMemory: boolean
}

/** Events that only say that something failed. */
const GENERIC =
  /^(Failed to (deploy|launch)|(Create|Update) environment operation is complete|Unsuccessful command execution|Instance deployment failed\. For details|During an aborted deployment|\[Instance: [^\]]*\] Command failed)/
const FATAL =
  /error|exception|fatal|panic|traceback|cannot|not found|no such|denied|missing|required|not set|refused|killed|failed/i
const ENDED =
  /container unexpectedly ended|container\b.*\bexited|quit unexpectedly|\bcontainer die\b|Exited \(\d+\)/i
const EXIT_CODE = /(?:exit(?:ed)?(?: with)?(?: (?:exit )?(?:code|status))?|exitCode)[ :=]*\(?(\d{1,3})\b/i
const OUT_OF_MEMORY =
  /OOMKilled["=: ]+true|oom[-_ ]?kill|out of memory: kill|ran out of memory|memory cgroup out of memory|Killed process \d+/i
/** What nginx and AWS's load balancers answer with when the application behind them doesn't. */
const PROXY_BODY = /<center>(nginx|\s*<h1>50\d)|<title>50[234]|nginx/i

/**
 * The evidence as rules read it: lines of this operation only, redacted before anyone looks at them. Instances of one fleet fail alike: of each
 * kind of log the one that tells most is read, rather than a little of each.
 */
export class Clues {
  readonly #lines: Record<Place, string[]>
  readonly answer: Evidence['answer']
  readonly port: number | undefined
  readonly image: Evidence['image']
  readonly instance: Evidence['instance']
  readonly environment: Evidence['environment']
  readonly listening: Evidence['listening']
  readonly fleet: Evidence['fleet']
  /** Error events, without those that only say that something failed unless there are no others. */
  readonly errors: string[]
  /** No event of the operation ever came. */
  readonly silent: boolean
  /** Containers printed something, and nothing tells whether those of this operation did. */
  readonly outputUnknown: boolean
  /** Nothing tells whether what containers printed is of this operation or of the release before. */
  readonly outputDoubtful: boolean

  /** Without `doubtful`, output that may be of the release before is left out. */
  constructor(evidence: Evidence, { doubtful = true } = {}) {
    const { since, events, activities, targets } = evidence
    const redact = redactor(evidence.secrets, evidence.properties)
    const { logs, outputs, outputUnknown, outputDoubtful } = ownLogs(evidence)
    const read = (texts: string[][]) =>
      texts.map((lines) => lines.map(redact).filter(isText)).filter((lines) => lines.length > 0)
    const files = (path: RegExp) => read(logs.filter((log) => path.test(log.path)).map(({ lines }) => lines))
    const last = (path: RegExp) => files(path).at(-1) ?? []
    const now = events.filter(({ at }) => isOfThisOperation(at, since))
    const engines = files(/eb-engine\.log$/).map(failedCommand)
    this.#lines = {
      engine: engines.findLast((lines) => lines.some(isEngineError)) ?? engines.at(-1) ?? [],
      output: outputDoubtful && !doubtful ? [] : lastWords(read(outputs)),
      proxy: last(/nginx\/error\.log$/),
      hooks: last(/eb-hooks\.log$/),
      docker: [
        ...last(/docker-events\.log$/),
        ...last(/eb-docker-process\.log$/),
        ...last(/(messages|dmesg)$/),
      ],
      event: now.filter(({ severity }) => severity !== 'INFO').map(({ message }) => redact(message)),
      cause: evidence.healthCauses.map(redact),
      activity: activities
        .filter(({ at, status }) => isOfThisOperation(at, since) && !/^success/i.test(status))
        .map(({ message }) => redact(message)),
      target: targets
        .filter(({ state }) => state !== 'healthy')
        .map(({ target, reason, description }) =>
          redact(`${target}: ${[reason, description].filter(Boolean).join(': ')}`),
        ),
      refusal: evidence.refusals.map(redact),
    }
    const errors = now
      .filter(({ severity }) => /^(ERROR|FATAL)$/.test(severity))
      .map(({ message }) => redact(message))
    const telling = errors.filter((message) => !GENERIC.test(message))
    this.errors = telling.length > 0 ? telling : errors
    this.silent = now.length === 0
    this.outputUnknown = outputUnknown || (outputDoubtful && !doubtful)
    this.outputDoubtful = outputDoubtful && doubtful
    this.answer = evidence.answer && {
      ...evidence.answer,
      body: evidence.answer.body === undefined ? undefined : redact(evidence.answer.body),
    }
    this.port = evidence.port ?? upstreamPort(this.#lines.proxy)
    this.image = { ...evidence.image, command: evidence.image.command && redact(evidence.image.command) }
    this.instance = evidence.instance
    this.environment = evidence.environment
    this.listening = evidence.listening
    this.fleet = evidence.fleet
  }

  /** The last `most` lines of a place. */
  lines(place: Place, most = Infinity): string[] {
    const lines = this.#lines[place]
    return most === Infinity ? lines : lines.slice(-most)
  }

  /** The last line of the first of these places that says something of the kind; one that names what it is about before one that doesn't. */
  find(text: RegExp, ...places: Place[]): Match | undefined {
    for (const place of places) {
      const matches = this.#lines[place].flatMap((line) => {
        const found = text.exec(line)
        return found ? [{ line, place, groups: found.slice(1) }] : []
      })
      const naming = matches.findLast(({ groups }) => groups.some(Boolean))
      if (matches.length > 0) return naming ?? matches.at(-1)
    }
    return undefined
  }

  /** Every line of these places that says so, each once, at most `most`. */
  all(text: RegExp, places: Place[], most = 4): string[] {
    const lines = places.flatMap((place) => this.#lines[place].filter((line) => text.test(line)))
    return [...new Set(lines)].slice(-most)
  }

  /** How the container ended, when something says that it did. */
  get end(): End | undefined {
    const said = this.find(ENDED, 'docker', 'engine', 'event')
    const starved = this.find(OUT_OF_MEMORY, 'docker', 'engine', 'event', 'cause')
    if (!said && !(starved && !this.build)) return undefined
    const exitCode = this.all(ENDED, ['engine', 'docker', 'event'], 20).map(
      (line) => EXIT_CODE.exec(line)?.[1],
    )
    const code = exitCode.findLast((found) => found !== undefined)
    return {
      exitCode: code === undefined ? undefined : Number(code),
      outOfMemory: starved !== undefined,
    }
  }

  /** Whether the image could not be built: by the engine's own words, or by the builder's. */
  get build(): Match | undefined {
    return (
      this.find(BUILD_ERROR, 'engine') ?? this.find(/failed to build the Docker image/i, 'event', 'engine')
    )
  }

  /** The engine could not even begin the container’s command. */
  get notBegun(): boolean {
    return this.find(/failed to run (?:the )?docker container/i, 'engine', 'event') !== undefined
  }

  /** It is known that there is no instance, so nothing can have been deployed to one. */
  get noInstance(): boolean {
    return this.fleet?.length === 0
  }

  /** What targets answered the load balancer's health checks with, such as `401`. */
  get targetCode(): string | undefined {
    return this.find(/(?:ResponseCodeMismatch|failed with these codes).*?\[(\d{3})/i, 'target')?.groups[0]
  }

  /** The proxy reached nobody: no answer, or its own 502, 503 or 504, or its log says so. */
  get unanswered(): boolean {
    const { answer } = this
    // A load balancer without a healthy target answers 503 itself, although the application may have answered its checks.
    if (/^[1-4]/.test(this.targetCode ?? '')) return false
    if (!answer) return this.find(/connect\(\) failed|upstream timed out/, 'proxy') !== undefined
    if (answer.status === undefined) return true
    if (![502, 503, 504].includes(answer.status)) return false
    return !answer.body?.trim() || PROXY_BODY.test(answer.body)
  }
}

/** What a builder says when a step fails; Docker's classic one, BuildKit and Podman's. */
export const BUILD_ERROR =
  /returned a non-zero code|(COPY|ADD) failed|failed to (solve|compute cache key|build docker image)|did not complete successfully|executor failed running|building at STEP|creating build container|dockerfile parse error/i

function isText(line: string): boolean {
  return line.trim() !== ''
}

function isEngineError(line: string): boolean {
  return line.includes('[ERROR]') || /CommandService Response: .*"status":"FAILURE"/.test(line)
}

/** The engine's log of the last command that failed: after one, Beanstalk may have led the instance back with another. */
function failedCommand(lines: string[]): string[] {
  const starts = lines.flatMap((line, at) => (/Engine received EB command/.test(line) ? [at] : []))
  const commands = starts.map((start, index) => lines.slice(index === 0 ? 0 : start, starts[index + 1]))
  return commands.findLast((command) => command.some(isEngineError)) ?? lines
}

/** The newest container's output is the last; of one that left no word of an error, an earlier one's words are taken. */
function lastWords(files: string[][]): string[] {
  const tells = (lines: string[]) => lines.slice(-20).some((line) => FATAL.test(line))
  const newest = files.at(-1) ?? []
  return newest.length < 3 && !tells(newest) ? (files.findLast(tells) ?? newest) : newest
}

/** `upstream: "http://172.17.0.2:8080/"` in nginx's error log (facts sheet §1.5). */
function upstreamPort(proxy: string[]): number | undefined {
  const port = proxy.map((line) => /upstream: "http:\/\/[\d.]+:(\d+)/.exec(line)?.[1]).findLast(Boolean)
  return port === undefined ? undefined : Number(port)
}
