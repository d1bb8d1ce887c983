import type { Clues } from '../clues.ts'
import { deployOnce, LOGS, type Rule, told } from '../rule.ts'
import { WRONG_PROCESSOR } from './image.ts'
import { instanceOf } from './instance.ts'
import { missingVariable } from './missing-variable.ts'
import { outputOf, showOutput } from './output.ts'

const ENDED = 'LUC-DEPLOY-CONTAINER-ENDED'
/** The application's own output first: it names what an exit code only counts. */
const RUNTIME = ['output', 'engine', 'docker', 'event'] as const
/** Failures of the platform's own steps around the container. */
export const BEFORE_START: Rule[] = [
  told({
    name: 'a secret can’t be read',
    code: 'LUC-DEPLOY-SECRETS',
    source: 'facts §3.4 G, §4.2, §6.1 row 22',
    texts:
      /failed to get one or more secrets|secretsmanager:GetSecretValue|ssm:GetParameters?\b|Secrets Manager can't find the specified secret|fetch secrets from|kms:Decrypt/i,
    places: ['engine', 'event', 'cause'],
    cause: (_, clues) =>
      clues.find(/not authorized|AccessDenied|kms:Decrypt/i, 'engine')
        ? 'The instance may not read a secret that the environment refers to'
        : clues.find(/can't find|ResourceNotFound|ParameterNotFound/i, 'engine')
          ? 'A secret that the environment refers to doesn’t exist'
          : 'A secret that the environment refers to can’t be read',
    next: [
      'lucree env list   # which names refer to secrets',
      'lucree console   # the ARN of each; it must exist, and the instance profile must be allowed to read it',
    ],
  }),
  told({
    name: 'a hook isn’t executable',
    code: 'LUC-DEPLOY-HOOK',
    source: 'facts §6 story 24',
    texts: /fork\/exec (\S*hooks\/\S+?): permission denied/i,
    places: ['engine', 'hooks', 'event'],
    cause: ({ groups }) => `The hook ${short(groups[0])} may not be executed`,
    next: ({ groups }) => [`chmod +x ${short(groups[0])}   # then: lucree deploy`],
  }),
  told({
    name: 'a hook has Windows line ends',
    code: 'LUC-DEPLOY-HOOK',
    source: 'facts §6 story 24',
    texts: /fork\/exec (\S*hooks\/\S+?): (?:no such file or directory|exec format error)/i,
    places: ['engine', 'hooks', 'event'],
    cause: ({ groups }) =>
      `The interpreter that the hook ${short(groups[0])} names isn’t found: its lines may end in CRLF`,
    next: ({ groups }) => [`sed -i 's/\\r$//' ${short(groups[0])}   # then: lucree deploy`],
  }),
  told({
    name: 'a hook failed',
    code: 'LUC-DEPLOY-HOOK',
    source: 'facts §1.8 (eb-hooks.log); text of the platform’s engine',
    texts: /Command (\S*\.platform\/\S*hooks\/\S+) failed with error (exit status \d+)/i,
    places: ['engine', 'hooks'],
    cause: ({ groups }) => `The hook ${short(groups[0])} ended with ${groups[1]}`,
    next: [LOGS, deployOnce('the hook is mended')],
    show: (clues) => [...clues.lines('hooks', 8), ...clues.all(/hooks\//, ['engine'], 4)],
  }),
]

/** What the last words of an application mean that ended or doesn't answer. The most telling first. */
export const LAST_WORDS: Rule[] = [
  WRONG_PROCESSOR,
  {
    name: 'the application ran out of memory',
    code: 'LUC-DEPLOY-OUT-OF-MEMORY',
    source: 'facts §1.7, §6.1 row 11; exit code 137, texts of the kernel and V8',
    find: (clues) => {
      const heap = clues.find(
        /JavaScript heap out of memory|java\.lang\.OutOfMemoryError|MemoryError\b/i,
        'output',
      )
      const { end } = clues
      if (!heap && !end?.outOfMemory && end?.exitCode !== 137) return undefined
      const used = usedMemory(clues)
      return {
        cause: `The application was killed${used ? ` at ${used} MiB` : ''}: it needs more memory than ${instanceOf(clues)} gives it`,
        confidence: end?.outOfMemory || heap ? 'certain' : 'likely',
        evidence: [
          ...clues.all(/oom|out of memory|Killed process|137/i, ['docker', 'engine', 'event'], 4),
          ...outputOf(clues, undefined, 8),
        ],
        next: [
          'lucree deploy   # once "instanceType" in lucree.json is a larger one, such as t3.small (2 GiB)',
          'lucree health',
        ],
      }
    },
  },
  told({
    name: 'the port is taken',
    code: 'LUC-DEPLOY-PORT-IN-USE',
    source: 'texts of Node, Python, Go and nginx',
    texts: /EADDRINUSE|address already in use|port (?:\d+ )?is already (?:allocated|in use)/i,
    places: ['output', 'engine', 'docker'],
    confidence: 'certain',
    cause: ({ line }) => {
      const port = /:(\d{2,5})\b/.exec(line)?.[1]
      return `Two processes in the container want the same port${port ? `, ${port}` : ''}`
    },
    next: [deployOnce('only one process of the container listens on it'), LOGS],
    show: showOutput,
  }),
  told({
    name: 'the port is privileged',
    code: 'LUC-DEPLOY-PORT-PRIVILEGED',
    source: 'texts of Node, Python and Go',
    texts: /EACCES:? permission denied\S* (?:\S+:)?\d{1,4}\b|bind\(?\)?.*permission denied|listen EACCES/i,
    places: ['output'],
    confidence: 'certain',
    cause: 'The application may not listen on a port below 1024: it doesn’t run as root',
    next: [deployOnce('application and EXPOSE use a port such as 8080')],
    show: showOutput,
  }),
  {
    name: 'a variable is missing',
    code: ENDED,
    source: 'facts §6.1 row 4; the application’s own words',
    find: (clues) => {
      const missing = missingVariable(clues.lines('output', 40))
      if (!missing) return undefined
      return {
        cause: `The application wants the variable ${missing.name}, which the environment doesn’t have`,
        confidence: 'likely',
        evidence: outputOf(clues, missing.line),
        next: [`lucree env set ${missing.name}`, 'lucree env list   # what it has', LOGS],
      }
    },
  },
  told({
    name: 'a file of the application is missing',
    code: ENDED,
    source: 'texts of Node, Python, Java and .NET',
    texts:
      /Cannot find (?:module|package) '([^']+)'|ERR_MODULE_NOT_FOUND|No module named '?([\w.]+)|can't open file '([^']+)'|Unable to access jarfile (\S+)|ENOENT: no such file or directory, \w+ '([^']+)'|Could not find or load main class (\S+)|The application to execute does not exist: '([^']+)'/i,
    places: ['output'],
    cause: ({ groups }) => `The image lacks ${groups.find(Boolean) ?? 'a file'}, which the application needs`,
    next: [
      deployOnce('the Dockerfile installs or copies it, and .dockerignore doesn’t leave it out'),
      'docker build -t app . && docker run app   # shows the same',
      LOGS,
    ],
    show: showOutput,
  }),
  told({
    name: 'the start script’s interpreter isn’t found',
    code: 'LUC-DEPLOY-START-SCRIPT',
    source: 'facts §6 story 24, §6.1; texts of the kernel’s execve, shells, env and Node',
    texts:
      /exec:? "?([^":\s]*[^":\s\\])"?: no such file or directory|docker-entrypoint\.sh: (?:\d+: )?exec: (?:line \d+: )?(\S+): not found|failed to run docker container: spawn (\S*\/\S*) ENOENT|env: (?:can't execute )?['‘’]?\w+\\r|(\S+\.sh).{0,40}\^M|\$'\\r': command not found|(\S+): .{0,60}bad interpreter/i,
    places: [...RUNTIME],
    confidence: 'likely',
    cause: ({ groups, line }) => {
      const script = fileName(groups.find(Boolean))
      const named = `The interpreter that ${script ?? 'the start script'} names isn’t found: its lines may end in CRLF, or the image lacks it`
      return /spawn \S+ ENOENT/.test(line) ? `${named}, or ${script} itself isn’t there` : named
    },
    next: ({ groups }) => [
      `sed -i 's/\\r$//' ${fileName(groups.find(Boolean)) ?? '*.sh'}   # then: lucree deploy`,
      deployOnce('its first line names a program of the image, such as #!/bin/sh'),
      LOGS,
    ],
  }),
  told({
    name: 'the command doesn’t exist',
    code: ENDED,
    source: 'exit code 127; texts of the container runtime and sh',
    texts:
      /executable file not found in \$PATH|failed to run docker container: spawn ([^\s/]+) ENOENT|exec:? "([^"]+)": (?:stat [^:]+: )?(?:executable file not found|no such file)|(?:\/bin\/)?sh: (?:\d+: )?(?:line \d+: )?([\w./-]+): not found|exited? \w* ?(?:code|status)? ?127\b|\(127\)|exitCode=127/i,
    places: [...RUNTIME],
    confidence: 'certain',
    cause: ({ groups }, clues) =>
      `The container’s command ${quoted(groups.find(Boolean) ?? clues.image.command)} doesn’t exist in the image`,
    next: [deployOnce('CMD or ENTRYPOINT names a program of the image: CMD ["node", "server.js"]'), LOGS],
    show: runtimeLines,
  }),
  told({
    name: 'the command isn’t executable',
    code: ENDED,
    source: 'exit code 126; texts of the container runtime and sh',
    texts:
      /exec:? "?([^":\s]+)"?:? permission denied|failed to run docker container: spawn (\S+) EACCES|(?:\/bin\/)?sh: (?:\d+: )?([\w./-]+): Permission denied|exited? \w* ?(?:code|status)? ?126\b|\(126\)|exitCode=126/i,
    places: [...RUNTIME],
    confidence: 'certain',
    cause: ({ groups }, clues) =>
      `The container’s command ${quoted(groups.find(Boolean) ?? clues.image.command)} may not be executed`,
    next: [deployOnce('the Dockerfile makes it executable: RUN chmod +x, or COPY --chmod=755'), LOGS],
    show: runtimeLines,
  }),
  told({
    name: 'a service refuses the credentials',
    code: ENDED,
    source: 'texts of PostgreSQL (28P01), MySQL (1045), MongoDB, Redis, SQL Server and RabbitMQ',
    texts:
      /password authentication failed(?: for user "([^"]+)")?|\b28P01\b|(?:ER_ACCESS_DENIED_ERROR: )?Access denied for user '?([^'@\s]+)|ER_ACCESS_DENIED_ERROR|Authentication failed|AuthenticationFailed|\bWRONGPASS\b|\bNOAUTH\b|Login failed for user '([^']+)'|ACCESS_REFUSED/i,
    places: ['output'],
    cause: ({ groups }) =>
      `A service that the application needs refuses its credentials${groups.find(Boolean) ? `, those of the user ${groups.find(Boolean)}` : ''}`,
    next: [
      'lucree env list   # which variables hold user and password; lucree env set NAME gives one another value',
      LOGS,
    ],
    show: showOutput,
  }),
  told({
    name: 'a service it needs doesn’t answer',
    code: ENDED,
    source: 'facts §6 story 4; texts of Node, Python, Go and Java',
    texts:
      /\b(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ETIMEDOUT)\b(?: ([\w.:-]+))?|connection to server at "([^"]+)".*failed|could not (?:connect to server|translate host name)|dial tcp (?:lookup )?([\w.:-]+)|Connection refused|no such host|Unknown (?:MySQL server )?host/i,
    places: ['output'],
    cause: ({ groups }) => `The application can’t reach ${groups.find(Boolean) ?? 'a service that it needs'}`,
    next: [
      'lucree env list   # is the address of the service right?',
      'lucree console   # do the security groups of both let the connection through?',
      LOGS,
    ],
    show: showOutput,
  }),
  told({
    name: 'a file may not be used',
    code: ENDED,
    source: 'texts of Node, Python, Go and nginx',
    texts: /(?:EACCES|EPERM|PermissionError|permission denied)[^'"]*['"]?([/\w.-]{3,})?/i,
    places: ['output'],
    cause: ({ groups }) => `The application’s user may not use ${groups[0] ?? 'a file'}`,
    next: [deployOnce('the Dockerfile gives it to that user: COPY --chown=node:node'), LOGS],
    show: showOutput,
  }),
]

/** The engine's, Docker's and the application's words about a command that didn't begin. */
function runtimeLines(clues: Clues): string[] {
  return [
    ...clues.all(/exec|not found|no such file|permission denied|12[67]/i, ['engine', 'docker'], 4),
    ...outputOf(clues, undefined, 8),
  ]
}

/** MiB of the killed process, from the kernel's `anon-rss:812345kB`. */
function usedMemory(clues: Clues): number | undefined {
  const kilobytes = clues.find(/anon-rss:(\d+)kB/, 'docker', 'engine', 'output')?.groups[0]
  return kilobytes ? Math.round(Number(kilobytes) / 1024) : undefined
}

/** `.platform/hooks/predeploy/01.sh` of the path on the instance. */
function short(path = 'a hook'): string {
  return path.replace(/^.*(?=\.platform\/)/, '')
}

function fileName(path: string | undefined): string | undefined {
  return path?.split('/').at(-1)
}

function quoted(command: string | undefined): string {
  return command ? `“${command}”` : 'of CMD or ENTRYPOINT'
}
