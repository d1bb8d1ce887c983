import type { Clues } from '../clues.ts'
import { deployOnce, LOGS, type Rule, told } from '../rule.ts'
import { outputOf } from './output.ts'

/** Something that the application listens on: seen, or by its own words. */
interface Listener {
  address: string | undefined
  port: number
  /** Its own words; undefined when a socket was seen. */
  line: string | undefined
}

const LISTENS =
  /\b(?:listen(?:s|ing|er)?|ready|running|started|serving|served|server|available|bound|binding|accepting connections|local|network|on port)\b/i
const ADDRESS =
  /(?:^|[\s"'(/@=])(\[[0-9a-f:]*\]|\d{1,3}(?:\.\d{1,3}){3}|localhost|\*)?:(\d{2,5})(?=$|[\s/"',.)\]])/i
const PORT =
  /(?:\bport"?[ =:]+"?|\b(?:listening|running|started|ready|serving|server)\b(?: \w+)? (?:on|at) )(\d{2,5})\b/i
/** A server that the application talks to, or tried to, isn't one that it is. */
const ELSEWHERE =
  /connect(?:ed|ing|ion)?\b(?!ions)|refused|failed|error|timed? ?out|unreachable|\b(?:redis|postgres\w*|mysql|mongo\w*|amqp|upstream):/i
const LOOPBACK = /^(?:127\.|localhost$|\[?::1\]?$)/i

/** The request was sent, and an answer waited for in vain: neither refused nor without a way. */
const UNENDING = /^no answer in [\d.]+ s$|UND_ERR_HEADERS_TIMEOUT/
/** The proxy reaches nobody on the port. */
const REFUSED = /connect\(\) failed|no live upstreams/i

export const NO_PORT: Rule = told({
  name: 'no port is declared',
  code: 'LUC-DEPLOY-NO-PORT',
  source: 'facts §1.5, §6.1 row 2',
  texts: /no EXPOSE directive found/i,
  places: ['engine', 'event'],
  cause: 'The platform does not know which port the application listens on',
  next: [deployOnce('the Dockerfile has EXPOSE 8080, or Dockerrun.aws.json has Ports')],
})

/** The application listens, but not where the proxy looks. The strongest explanation of a 502: asked before anything that is only likely. */
export const LISTENING: Rule[] = [
  {
    name: 'only loopback is listened on',
    code: 'LUC-DEPLOY-LOOPBACK-ONLY',
    source: 'facts §1.5, §6.1 row 23; peers §6, 1',
    find: (clues) => {
      const listeners = clues.unanswered && !clues.end ? listenersOf(clues) : []
      if (listeners.length === 0 || !listeners.every(({ address }) => address && LOOPBACK.test(address)))
        return undefined
      const seen = listeners.at(-1) as Listener
      return {
        cause: `The application listens on ${seen.address}:${seen.port} only, so nothing outside its container reaches it`,
        confidence: seen.line === undefined || /127\.|::1/.test(seen.address ?? '') ? 'certain' : 'likely',
        evidence: [...wordsOf(listeners), ...clues.lines('proxy', 1)],
        next: [deployOnce(`the application listens on 0.0.0.0:${clues.port ?? seen.port}`), LOGS],
      }
    },
  },
  {
    name: 'another port is listened on',
    code: 'LUC-DEPLOY-PORT',
    source: 'facts §1.5, §6.1 row 23; peers §6, 1',
    find: (clues) => {
      const { port } = clues
      const listeners = clues.unanswered && !clues.end ? listenersOf(clues) : []
      if (port === undefined || listeners.length === 0 || listeners.some((one) => one.port === port))
        return undefined
      const seen = listeners.at(-1) as Listener
      return {
        cause: `The application listens on port ${seen.port}, and the proxy forwards to port ${port} of the container`,
        confidence: 'certain',
        evidence: [...wordsOf(listeners), ...clues.lines('proxy', 1)],
        next: [
          deployOnce(`the Dockerfile has EXPOSE ${seen.port}, or the application listens on 0.0.0.0:${port}`),
          LOGS,
        ],
      }
    },
  },
]

/** The application's words only tell where it meant to listen: asked once nothing answers there. */
const IPV6_ONLY: Rule = {
  name: 'only IPv6 is listened on',
  code: 'LUC-DEPLOY-PORT',
  source:
    'Node’s ipv6Only, and what listens on :: with net.ipv6.bindv6only; the proxy connects to an IPv4 address',
  find: (clues) => {
    const { port } = clues
    const listeners = clues.unanswered && clues.find(REFUSED, 'proxy') ? listenersOf(clues) : []
    const there = listeners.filter((one) => one.port === port)
    if (there.length === 0 || !there.every(({ address }) => address?.includes(':'))) return undefined
    const shown = (there.at(-1)?.address ?? '').replace(/^([^[].*)$/, '[$1]')
    return {
      cause: `The application listens on ${shown}:${port}, and takes no connection by IPv4 there, but the proxy connects by IPv4`,
      confidence: 'likely',
      evidence: [...wordsOf(there), ...clues.lines('proxy', 1)],
      next: [deployOnce(`the application listens on 0.0.0.0:${port}`), LOGS],
    }
  },
}

/** Nothing answers, and nothing says why. */
export const UNANSWERED: Rule[] = [
  IPV6_ONLY,
  {
    name: 'the application takes too long to answer',
    code: 'LUC-DEPLOY-SLOW-ANSWER',
    source: 'text of nginx (110: Connection timed out)',
    find: (clues) => {
      const { answer } = clues
      if (clues.noInstance) return undefined
      const nginx = clues.find(/upstream timed out/i, 'proxy')
      const waited = answer?.status === undefined && UNENDING.exec(answer?.problem ?? '')?.[0]
      const refused = clues.find(REFUSED, 'proxy')
      if (answer?.status !== 504 && !nginx && (!waited || refused)) return undefined
      const on = clues.port ? ` on port ${clues.port}` : ''
      const listens = nginx ?? listenersOf(clues).some(({ port }) => port === clues.port)
      return {
        cause:
          waited && !listens
            ? `A request is taken and there is ${waited}: the application doesn’t answer${on}, or nothing lets requests through to it`
            : `The application takes connections${on} and doesn’t answer in time`,
        confidence: waited && !nginx ? 'likely' : 'certain',
        evidence: [...outputOf(clues, undefined, 8), ...clues.lines('proxy', 1)],
        next: [LOGS, deployOnce('the path of "healthCheck" in lucree.json waits for nothing')],
      }
    },
  },
  {
    name: 'the application hangs up',
    code: 'LUC-DEPLOY-HANGS-UP',
    source: 'text of nginx (upstream prematurely closed connection, 104: Connection reset by peer)',
    find: (clues) =>
      clues.unanswered && clues.find(/prematurely closed connection|104: Connection reset/i, 'proxy')
        ? {
            cause: 'The application takes a request and closes the connection without an answer',
            confidence: 'certain',
            evidence: [...outputOf(clues, undefined, 8), ...clues.lines('proxy', 1)],
            next: [LOGS, deployOnce('it speaks plain HTTP on its port; the proxy ends TLS')],
          }
        : undefined,
  },
  {
    name: 'nothing answers on the port',
    code: 'LUC-DEPLOY-PORT',
    source: 'facts §1.5, §6.1 row 23',
    find: (clues) => {
      if (!clues.unanswered || clues.noInstance) return undefined
      const { port, answer } = clues
      const refused = clues.find(REFUSED, 'proxy')
      const proxied = answer?.status !== undefined || refused !== undefined
      return {
        cause: proxied
          ? `Nothing answers on ${port ? `port ${port} of the container, which` : 'the port of the container that'} the proxy forwards to`
          : `The environment’s address doesn’t answer: ${answer?.problem ?? 'no reason given'}`,
        confidence: refused ? 'certain' : 'likely',
        evidence: [...outputOf(clues, undefined, 8), ...clues.lines('proxy', 1)],
        next: [LOGS, deployOnce(`the application listens on 0.0.0.0:${port ?? 'the port of EXPOSE'}`)],
      }
    },
  },
]

/** What the embedded Beanstalk writes into its engine's log of an application that it doesn't reach. */
const SEEN = /\[lucree\] seen listening in the container: (.+)$/

function socketsOf(clues: Clues): Listener[] {
  const told = SEEN.exec(clues.all(SEEN, ['engine'], 20).at(-1) ?? '')?.[1]?.split(', ') ?? []
  const logged = told.map((each) => {
    const at = each.lastIndexOf(':')
    return { address: each.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(each.slice(at + 1)) }
  })
  return [...clues.listening, ...logged].map(({ address, port }) => ({ address, port, line: undefined }))
}

/** Sockets that were seen come first and alone: an application's words may be about something else. */
export function listenersOf(clues: Clues): Listener[] {
  const sockets = socketsOf(clues)
  if (sockets.length > 0) return sockets
  return clues.lines('output', 60).flatMap((line) => {
    if (!LISTENS.test(line) || ELSEWHERE.test(line)) return []
    const at = ADDRESS.exec(line)
    const port = Number(at?.[2] ?? PORT.exec(line)?.[1])
    return port > 0 && port <= 65_535 ? [{ address: at?.[1] || undefined, port, line }] : []
  })
}

function wordsOf(listeners: Listener[]): string[] {
  return listeners
    .slice(-4)
    .map(({ address, port, line }) => line ?? `seen listening in the container: ${address ?? '*'}:${port}`)
}
