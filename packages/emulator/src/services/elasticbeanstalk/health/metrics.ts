import type { ApplicationMetrics } from '@aws-sdk/client-elastic-beanstalk'

/** Seconds that metrics cover, as the service's do. */
const windowSeconds = 10
/** Answers after which the old ones are forgotten. */
const forgetEvery = 1024

interface Answered {
  at: number
  status: number
  durationMs: number
}

/** What the fronts answered in the last ten seconds, by instance. */
export interface Metrics {
  add(instanceId: string, answered: { at: Date; status: number; durationMs: number }): void
  /** Of these instances together. */
  of(instanceIds: readonly string[], now: Date): ApplicationMetrics
}

export function createMetrics(): Metrics {
  const answers = new Map<string, Answered[]>()
  const recent = (all: Answered[], now: number) => all.filter(({ at }) => now - at < windowSeconds * 1000)
  return {
    add(instanceId, { at, status, durationMs }) {
      const all = answers.get(instanceId) ?? []
      all.push({ at: at.getTime(), status, durationMs })
      // Now and then: on a busy instance every answer counts.
      const kept = all.length % forgetEvery === 0 ? recent(all, at.getTime()) : all
      answers.set(instanceId, kept)
    },
    of(instanceIds, now) {
      const all = instanceIds.flatMap((id) => recent(answers.get(id) ?? [], now.getTime()))
      return all.length === 0 ? { RequestCount: 0 } : summarize(all)
    },
  }
}

/** Latencies are in seconds. */
function summarize(all: Answered[]): ApplicationMetrics {
  const latencies = all.map(({ durationMs }) => durationMs / 1000).sort((a, b) => a - b)
  const percentile = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))]!
  const count = (digit: number) => all.filter(({ status }) => Math.floor(status / 100) === digit).length
  return {
    Duration: windowSeconds,
    RequestCount: all.length,
    StatusCodes: { Status2xx: count(2), Status3xx: count(3), Status4xx: count(4), Status5xx: count(5) },
    Latency: {
      P999: percentile(0.999),
      P99: percentile(0.99),
      P95: percentile(0.95),
      P90: percentile(0.9),
      P85: percentile(0.85),
      P75: percentile(0.75),
      P50: percentile(0.5),
      P10: percentile(0.1),
    },
  }
}
