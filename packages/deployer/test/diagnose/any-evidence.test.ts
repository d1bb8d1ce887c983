import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diagnose } from '../../src/diagnose/diagnose.ts'
import { evidenceOf, type Evidence } from '../../src/diagnose/evidence.ts'
import { STORIES } from './stories.ts'

/** Real words of failures in any order between any text at all: what logs are. */
const words = STORIES.flatMap(({ seen }) => [
  ...(seen.events ?? []).map(({ message }) => message),
  ...(seen.logs ?? []).flatMap(({ lines }) => lines),
  ...(seen.activities ?? []).map(({ message }) => message),
])
const text = fc.oneof(
  fc.constantFrom(...words),
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.tuple(fc.constantFrom(...words), fc.string()).map(([known, more]) => known + more),
)
const lines = fc.array(text, { maxLength: 40 })
const path = fc.constantFrom(
  '/var/log/eb-engine.log',
  '/var/log/nginx/error.log',
  '/var/log/eb-hooks.log',
  '/var/log/messages',
  '/var/log/eb-docker/containers/eb-current-app/eb-1-stdouterr.log',
)
const date = fc.date({ noInvalidDate: true })
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const anything: fc.Arbitrary<Evidence> = fc
  .record({
    since: maybe(date),
    events: fc.array(
      fc.record({ severity: fc.constantFrom('INFO', 'WARN', 'ERROR', 'FATAL', ''), message: text }),
    ),
    logs: fc.array(fc.record({ instanceId: fc.string(), path, lines }), { maxLength: 4 }),
    healthCauses: fc.array(text, { maxLength: 4 }),
    activities: fc.array(fc.record({ at: date, status: fc.string(), message: text }), { maxLength: 3 }),
    targets: fc.array(
      fc.record({ target: text, state: fc.string(), reason: maybe(text), description: maybe(text) }),
      { maxLength: 3 },
    ),
    answer: maybe(
      fc.record({
        url: fc.oneof(fc.webUrl(), fc.string()),
        status: maybe(fc.integer({ min: 0, max: 700 })),
        problem: maybe(text),
        body: maybe(text),
      }),
    ),
    port: maybe(fc.nat(70_000)),
    listening: fc.array(fc.record({ address: fc.string(), port: fc.nat() }), { maxLength: 2 }),
    environment: maybe(fc.record({ status: fc.string(), health: fc.constantFrom('Grey', 'Red') })),
  })
  .map(evidenceOf)

const MISSING = /undefined|null\b/

/** All text of a document, however deep. */
function textsOf(document: unknown): string[] {
  if (typeof document === 'string') return [document]
  return typeof document === 'object' && document !== null ? Object.values(document).flatMap(textsOf) : []
}

test('whatever the evidence is, one cause is named with at most twelve lines and a command to run next', () => {
  fc.assert(
    fc.property(anything, (evidence) => {
      const { cause, code, evidence: shown, next } = diagnose(evidence)
      expect(cause).not.toBe('')
      // A value that was missing where a sentence was made; what the evidence itself says may be quoted.
      if (!textsOf(evidence).some((said) => MISSING.test(said))) expect(cause).not.toMatch(MISSING)
      expect(code).toMatch(/^LUC-DEPLOY-[A-Z-]+$/)
      expect(shown.length).toBeLessThanOrEqual(12)
      expect(shown.every((line) => line.length <= 401)).toBe(true)
      expect(next.length).toBeGreaterThanOrEqual(1)
      expect(next.length).toBeLessThanOrEqual(3)
    }),
    { numRuns: 300 },
  )
})

test('a secret of the environment is shown nowhere, wherever it was said', () => {
  const value = fc.stringMatching(/^[A-Za-z0-9+/=_.$@!-]{12,40}$/)
  fc.assert(
    fc.property(fc.constantFrom(...STORIES), value, fc.nat(3), (story, secret, at) => {
      const say = (line: string) =>
        [`${secret} ${line}`, `${line} ${secret}`, `${line}${secret}`, `${line}: "${secret}"`][at] ?? line
      const { seen } = story
      const found = diagnose(
        evidenceOf({
          ...seen,
          secrets: [{ reveal: () => secret }],
          events: (seen.events ?? []).map((event) => ({ ...event, message: say(event.message) })),
          logs: (seen.logs ?? []).map((log) => ({ ...log, lines: log.lines.map(say) })),
          healthCauses: (seen.healthCauses ?? []).map(say),
          activities: (seen.activities ?? []).map((activity) => ({
            ...activity,
            message: say(activity.message),
          })),
          answer: seen.answer && { ...seen.answer, body: say(seen.answer.body ?? '') },
        }),
      )
      expect(JSON.stringify(found)).not.toContain(secret)
    }),
    { numRuns: 500 },
  )
})

test('a failure that no rule knows says so, and shows Beanstalk’s own words before the logs’', () => {
  const found = diagnose(
    evidenceOf({
      events: [{ severity: 'ERROR', message: 'Something new happened.' }],
      healthCauses: ['A cause that is new.'],
      logs: [{ instanceId: 'i-1', path: '/var/log/eb-engine.log', lines: ['one more thing'] }],
      withheld: ['The health of the targets could not be fetched: not allowed'],
    }),
  )
  expect(found).toEqual({
    code: 'LUC-DEPLOY-UNKNOWN',
    rule: 'unknown',
    cause: 'The cause is not one that lucree knows',
    confidence: 'unknown',
    evidence: ['Something new happened.', 'A cause that is new.', 'one more thing'],
    next: ['lucree logs', 'lucree events'],
    more: {
      doc: 'docs/errors.md#luc-deploy-unknown',
      logs: 'lucree logs',
      withheld: ['The health of the targets could not be fetched: not allowed'],
    },
  })
})
