import { DOCKERFILE, SERVER, type Files } from './failure-app.ts'
import { ANY, DEPLOY, type FailureCase } from './failure-case.ts'

const ends = (code: string, ...lines: string[]): Files => ({
  'server.js': `${lines.map((line) => `console.error(${JSON.stringify(line)})`).join('\n')}\n${code}\n`,
})
const cmd = (...last: string[]): Files => ({ Dockerfile: DOCKERFILE('EXPOSE 8080', ...last) })

/** The application's own process ends, or never gets as far as to listen. */
export const atStart: FailureCase[] = [
  {
    failure: '4 a variable is missing',
    files: {
      'lucree.json': undefined,
      'server.js': `if (!process.env.DATABASE_URL) { console.error('DATABASE_URL is not set'); process.exit(1) }`,
    },
    exit: 7,
    code: 'LUC-DEPLOY-CONTAINER-ENDED',
    cause: /DATABASE_URL/,
    evidence: /DATABASE_URL is not set/,
    next: /lucree env set DATABASE_URL|--generate DATABASE_URL|DATABASE_URL/,
  },
  ended('4 the database refuses connections', /127\.0\.0\.1:9/, /ECONNREFUSED/, {
    'server.js': `require('node:net').connect(9, '127.0.0.1')`,
  }),
  ended('4 a module is missing', /express-that-is-missing/, /Cannot find module/, {
    'server.js': `require('express-that-is-missing')`,
  }),
  ended(
    '4 the port is taken',
    /port/i,
    /EADDRINUSE/,
    { 'server.js': SERVER().repeat(2).replace(/const/g, 'var') },
    'PORT-IN-USE',
  ),
  ended('exit code 0', /exit code 0/, /migrated/, ends('', 'migrated 3 tables')),
  ended('exit code 1', /exit code 1\b/, /broken on purpose/, ends('process.exit(1)', 'broken on purpose')),
  ended(
    'exit code 1, where it worked',
    /exit code 1\b/,
    /broken/,
    ends('process.exit(1)', 'broken on purpose'),
    'CONTAINER-ENDED',
    {
      worked: true,
      next: ANY,
      exit: 6,
    },
  ),
  ended(
    'exit code 3 without a word, where it worked',
    /exit code 3, and left no word/,
    /it exited with code 3/,
    ends('process.exit(3)'),
    'CONTAINER-ENDED',
    {
      worked: true,
      next: ANY,
      exit: 6,
    },
  ),
  ended(
    '24 the start script has Windows line ends, where it worked',
    /entry\.sh.*CRLF/,
    /entry\.sh/,
    { ...cmd('RUN chmod +x entry.sh', 'CMD ["./entry.sh"]'), 'entry.sh': '#!/bin/sh\r\nnode server.js\r\n' },
    'START-SCRIPT',
    {
      worked: true,
      next: ANY,
      exit: 6,
    },
  ),
  ended('exit code 126', /may not be executed/, /126|[Pp]ermission denied/, {
    ...cmd('CMD ./start'),
    start: 'node server.js\n',
  }),
  ended('exit code 127', /doesn’t exist|isn’t found|not found/, /not found|127/, cmd('CMD nod server.js')),
  ended(
    'exit code 137',
    /killed|memory/i,
    /137/,
    ends(`process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 9000)`),
    'OUT-OF-MEMORY',
  ),
  ended(
    'exit code 139',
    /segmentation fault/,
    /139/,
    ends(`process.kill(process.pid, 'SIGSEGV'); setTimeout(() => {}, 9000)`),
  ),
  ended(
    'exit code 143',
    /SIGTERM/,
    /143/,
    ends(`process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 9000)`),
  ),
  ended('exit code 78', /configuration/, /^no$/m, ends('process.exit(78)', 'no')),
  ended(
    'the heap is full',
    /memory/,
    /heap out of memory|FatalProcessOutOfMemory/,
    {
      ...cmd('CMD ["node", "--max-old-space-size=16", "server.js"]'),
      'server.js':
        'const all = []; for (;;) all.push(new Array(1000).fill({}).map(() => ({ a: Math.random() })))',
    },
    'OUT-OF-MEMORY',
  ),
  ended(
    '20 exec format error',
    /processor|architecture/,
    /exec format error/,
    ends('process.exit(255)', 'exec /app/server: exec format error'),
    'ARCHITECTURE',
  ),
]

function ended(
  failure: string,
  cause: RegExp,
  evidence: RegExp,
  files: Files,
  code = 'CONTAINER-ENDED',
  more: Partial<FailureCase> = {},
): FailureCase {
  return { failure, files, code: `LUC-DEPLOY-${code}`, cause, evidence, exit: 7, next: DEPLOY, ...more }
}

const answer = (status: number, body = 'no', ...said: string[]) =>
  SERVER(
    `${said.map((line) => `console.error(${JSON.stringify(line)});`).join('')} response.statusCode = ${status}; response.end('${body}')`,
  )
const CHECKED = { environment: { healthCheck: '/health' } }

/** It runs, and nobody gets the answer that is expected of it. */
export const unreachable: FailureCase[] = [
  ended(
    '23 only 127.0.0.1 is listened on',
    /127\.0\.0\.1:8080/,
    /127\.0\.0\.1/,
    {
      'server.js': `require('node:http').createServer().listen(8080, '127.0.0.1', () => console.log('ready on http://127.0.0.1:8080'))`,
    },
    'LOOPBACK-ONLY',
  ),
  ended(
    '23 another port is listened on',
    /3000.*8080/,
    /3000/,
    {
      'server.js': `require('node:http').createServer().listen(3000, () => console.log('listening on port 3000'))`,
    },
    'PORT',
  ),
  ended(
    '23 another port, where it worked',
    /3000.*8080/,
    /3000/,
    {
      'server.js': `require('node:http').createServer().listen(3000, () => console.log('listening on port 3000'))`,
    },
    'PORT',
    { worked: true, exit: 6 },
  ),
  ended(
    'it takes requests and never answers',
    /port 8080 and doesn’t answer/,
    /listening on port 8080/,
    {
      'server.js': `require('node:http').createServer(() => {}).listen(8080, () => console.log('listening on port 8080'))`,
    },
    'SLOW-ANSWER',
  ),
  ended(
    '29 the health-check path answers 404',
    /404/,
    /404/,
    { 'server.js': answer(404) },
    'HEALTH-CHECK',
    CHECKED,
  ),
  ended(
    '29 the health-check path answers 401',
    /401/,
    /401/,
    { 'server.js': answer(401) },
    'HEALTH-CHECK',
    CHECKED,
  ),
  ended(
    '29 the health-check path answers 500',
    /500/,
    /500|x is undefined/,
    { 'server.js': answer(500, 'no', 'TypeError: x is undefined') },
    'ANSWER',
    CHECKED,
  ),
  ended(
    '29 500, where it worked',
    /500/,
    /500|x is undefined/,
    { 'server.js': answer(500, 'no', 'TypeError: x is undefined') },
    'ANSWER',
    {
      ...CHECKED,
      worked: true,
      exit: 6,
    },
  ),
  ended(
    '33 the framework refuses the host name',
    /172\.31\.35\.64/,
    /HTTP_HOST/,
    {
      'server.js': answer(
        400,
        'no',
        `Invalid HTTP_HOST header: '172.31.35.64'. You may need to add '172.31.35.64' to ALLOWED_HOSTS.`,
      ),
    },
    'HOST-CHECK',
    CHECKED,
  ),
]
