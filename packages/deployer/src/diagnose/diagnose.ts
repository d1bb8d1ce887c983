import { EVIDENCE_LINES, type Diagnosis, type Evidence } from './evidence.ts'
import { applicationOutput, engineLog, errorEvents, proxyErrors } from './log-lines.ts'

/** One known failure: `find` answers a diagnosis when the evidence shows it. */
interface Rule {
  name: string
  find(evidence: Evidence): Diagnosis | undefined
}

/** The texts are Beanstalk's (facts sheet §3.4 G and §6.1); they explain, they never decide whether a deploy failed. */
const RULES: Rule[] = [
  {
    name: 'no port is declared',
    find: (evidence) =>
      said(evidence, /no EXPOSE directive found/i) && {
        code: 'LUC-DEPLOY-NO-PORT',
        cause: 'The platform does not know which port the application listens on',
        evidence: matching(evidence, /no EXPOSE directive found/i),
        next: ['add `EXPOSE 8080` to the Dockerfile, or Ports to Dockerrun.aws.json, then: lucree deploy'],
      },
  },
  {
    name: 'the image could not be fetched',
    find: (evidence) =>
      said(
        evidence,
        /failed to download the Docker image|toomanyrequests|pull access denied|manifest (for .* )?(not found|unknown)/i,
      ) && {
        code: 'LUC-DEPLOY-IMAGE-PULL',
        cause: 'The Docker image could not be downloaded',
        evidence: matching(evidence, /pull|download|toomanyrequests|manifest/i),
        next: [
          'check the image name and that the instance may pull it; public.ecr.aws/docker/library/… has no pull limit',
        ],
      },
  },
  {
    name: 'the build failed',
    find: (evidence) =>
      said(evidence, /failed to build the Docker image/i) && {
        code: 'LUC-DEPLOY-BUILD-FAILED',
        cause: 'The Docker image could not be built',
        evidence: buildLines(evidence),
        next: ['mend the Dockerfile (docker build . shows the same), then: lucree deploy'],
      },
  },
  {
    name: 'the container ended',
    find: (evidence) =>
      said(evidence, /container unexpectedly ended|container .* exited|quit unexpectedly/i) && {
        code: 'LUC-DEPLOY-CONTAINER-ENDED',
        cause: 'The application ended right after it was started',
        evidence: applicationOutput(evidence),
        next: afterAnEnd(applicationOutput(evidence)),
      },
  },
  {
    name: 'only loopback is listened on',
    find: (evidence) => {
      const lines = applicationOutput(evidence, 100).filter((line) => LOOPBACK.test(line))
      return unanswered(evidence) && lines.length > 0
        ? {
            code: 'LUC-DEPLOY-LOOPBACK-ONLY',
            cause: 'The application listens on 127.0.0.1 only, so nothing outside its container reaches it',
            evidence: [...lines.slice(-4), ...proxyErrors(evidence)],
            next: [`listen on 0.0.0.0${evidence.port ? `:${evidence.port}` : ''}, then: lucree deploy`],
          }
        : undefined
    },
  },
  {
    name: 'nothing answers on the port',
    find: (evidence) =>
      unanswered(evidence) && {
        code: 'LUC-DEPLOY-PORT',
        cause: evidence.port
          ? `Nothing answers on port ${evidence.port} of the container, which the proxy forwards to`
          : 'Nothing answers on the port that the proxy forwards to',
        evidence: [...applicationOutput(evidence, 8), ...proxyErrors(evidence)],
        next: [
          'listen on 0.0.0.0 and the port of EXPOSE (or Dockerrun Ports), then: lucree deploy',
          'lucree logs',
        ],
      },
  },
  {
    name: 'the application answers with an error',
    find: ({ answer, ...evidence }) =>
      answer?.status !== undefined && answer.status >= 400
        ? {
            code: 'LUC-DEPLOY-ANSWER',
            cause: `The application answers ${answer.status} on ${new URL(answer.url).pathname}`,
            evidence: applicationOutput({ answer, ...evidence }),
            next: [
              'lucree logs',
              'set healthCheck in lucree.json to a path that answers 200 without a token',
            ],
          }
        : undefined,
  },
]

/** What to look at depends on the last words: a file that isn't there is no missing variable. */
function afterAnEnd(lines: string[]): string[] {
  const text = lines.join('\n')
  if (/Cannot find (module|package)|MODULE_NOT_FOUND/.test(text)) {
    return ['copy the missing file into the image (COPY, .dockerignore), then: lucree deploy', 'lucree logs']
  }
  if (/not found|no such file/i.test(text) && /(\/bin\/sh|exec)/.test(text)) {
    return [
      'mend CMD or ENTRYPOINT in the Dockerfile: ["node", "server.js"], then: lucree deploy',
      'lucree logs',
    ]
  }
  return ['lucree env list   # is a variable missing?', 'lucree logs']
}

const LOOPBACK = /(127\.0\.0\.1|localhost|\[::1\])(:\d+)?/

/** Names the one cause that the evidence shows best; a failure that no rule knows says so and shows what there is. */
export function diagnose(evidence: Evidence): Diagnosis {
  for (const rule of RULES) {
    const found = rule.find(evidence)
    if (found) return { ...found, evidence: found.evidence.slice(-EVIDENCE_LINES) }
  }
  const events = errorEvents(evidence)
  return {
    code: 'LUC-DEPLOY-UNKNOWN',
    cause: 'The cause is not one that lucree knows',
    evidence: [
      ...events,
      ...evidence.healthCauses,
      ...engineLog(evidence, 6),
      ...applicationOutput(evidence, 4),
    ].slice(0, EVIDENCE_LINES),
    next: ['lucree logs', 'lucree events'],
  }
}

function said(evidence: Evidence, text: RegExp): true | undefined {
  return errorEvents(evidence).some((message) => text.test(message)) ||
    engineLog(evidence, 30).some((line) => text.test(line))
    ? true
    : undefined
}

function matching(evidence: Evidence, text: RegExp): string[] {
  const lines = [...engineLog(evidence, 40), ...errorEvents(evidence)].filter((line) => text.test(line))
  return [...new Set(lines)].slice(-4)
}

/** The proxy reached nobody: no answer, or its own 502, 503 or 504. */
function unanswered({ answer }: Evidence): true | undefined {
  if (!answer) return undefined
  return answer.status === undefined || [502, 503, 504].includes(answer.status) ? true : undefined
}

/** The end of the build's output: what stands before the engine's own closing lines. */
function buildLines(evidence: Evidence): string[] {
  const lines = engineLog(evidence, 100)
  const failed = lines.findLastIndex((line) => BUILD_ERROR.test(line))
  const end = failed < 0 ? lines.length : failed + 1
  return lines.slice(0, end).slice(-EVIDENCE_LINES)
}

const BUILD_ERROR =
  /returned a non-zero code|COPY failed|ADD failed|failed to (solve|build)|did not complete successfully/i
