import { expect, test } from 'vitest'
import { planDocument, planLines } from '../../src/cli/plan-lines.ts'
import type { Told } from '../../src/deploy/result.ts'

const cost = {
  ...{ currency: 'USD' as const, region: 'us-east-1', asOf: '2026-11-22' },
  ...{ beforeMonthly: 12.52, afterMonthly: 20.11, unknown: null },
}
const told: Told = {
  ...{ application: 'shop', environment: 'shop-production', version: 'v2', url: undefined },
  steps: [
    { name: 'upload bundle and register version', effect: 'none', reason: 'no version has this content' },
    { name: 'deploy new version', effect: 'restart', reason: 'v1 is deployed' },
  ],
  ...{ outage: 'the only instance stops', expectedDurationMs: 79_000, cost, drift: null },
}
const said = (more: Partial<Told> = {}, where = { local: false }) =>
  planLines({ ...told, ...more }, where).map(({ text, detail }) => (detail ? `${text} (${detail})` : text))

test('a plan says its steps with their effect, the gap, the duration and the difference in cost with its source', () => {
  expect(said()).toEqual([
    'Plan for shop-production:',
    '  upload bundle and register version (no version has this content)',
    '  deploy new version (restart; v1 is deployed)',
    'Requests: some can go unanswered; the only instance stops',
    'Duration: about 1 min 19 s (as recorded on AWS)',
    'Cost: about US$ 20.11 a month, +US$ 7.59 (list prices of us-east-1 as of 2026-11-22, without traffic; other regions differ)',
  ])
})

test('without an outage none is claimed, and only where something that serves is touched', () => {
  expect(said({ outage: null })).toContain('Requests: none go unanswered')
  const untouched = told.steps.slice(0, 1)
  expect(said({ outage: null, steps: untouched }).join()).not.toContain('Requests')
})

test('an unknown price is said to be unknown, and the embedded Beanstalk costs nothing itself', () => {
  const unknown = { ...cost, afterMonthly: null, unknown: 'the price of x9.big is not known' }
  expect(said({ cost: unknown })).toContain('Cost: not known (the price of x9.big is not known)')
  const made = { ...cost, beforeMonthly: 0 }
  expect(said({ cost: made }, { local: true }).at(-1)).toMatch(
    /^Cost: nothing here; on AWS about US\$ 20\.11 a month/,
  )
})

test('what drifted is shown with what becomes of it, and of much only the first', () => {
  const options = Array.from({ length: 12 }, (_, index) => ({
    ...{ namespace: 'aws:autoscaling:asg', name: `Option${index}`, was: '1', now: '2' },
  }))
  const lines = said({ steps: [], drift: { release: 7, kept: true, options } })
  expect(lines.slice(0, 3)).toEqual([
    'Nothing to do: shop-production runs v2',
    'Changed outside lucree since release 7 (kept; lucree deploy --revert-drift brings back what the release had)',
    '  Option0 was 1 and is 2',
  ])
  expect(lines.at(-1)).toBe('  and 2 more')
})

test('the document has the names of DESIGN.md, and no word for people', () => {
  expect(Object.keys(planDocument(told))).toEqual([
    ...['application', 'environment', 'steps', 'bundle', 'outage', 'expectedDurationMs', 'cost', 'drift'],
  ])
})
