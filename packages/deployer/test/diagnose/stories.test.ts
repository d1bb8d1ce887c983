import { describe, expect, it } from 'vitest'
import { diagnose } from '../../src/diagnose/diagnose.ts'
import { evidenceOf, type Evidence } from '../../src/diagnose/evidence.ts'
import { FLEET, SINCE } from './logs.ts'
import { STORIES } from './stories.ts'

function evidence(seen: Partial<Evidence>): Evidence {
  const instance = { type: 't3.micro', memoryMiB: 1024 }
  return evidenceOf({ since: SINCE, fleet: FLEET, port: 8080, instance, ...seen })
}

describe('a failure that is known', () => {
  it.each(STORIES)('is named: $story', ({ seen, code, cause, confidence = 'certain' }) => {
    const found = diagnose(evidence(seen))
    expect(found).toMatchObject({ code, confidence, cause: expect.stringMatching(cause) })
    expect(found.evidence.length).toBeLessThanOrEqual(12)
    expect(found.next.length).toBeLessThanOrEqual(3)
    expect(found.next[0]).toMatch(/^(lucree|docker|aws|npm|chmod|sed|echo|printf) /)
    expect(found.more).toEqual({
      doc: `docs/errors.md#${code.toLowerCase()}`,
      logs: 'lucree logs',
      withheld: [],
    })
  })
})

describe('a failure that logs, answers or the account tell', () => {
  const stories = STORIES.filter(({ toldByEvents }) => !toldByEvents)
  it.each(stories)('is named whatever Beanstalk’s events say: $story', ({ seen, code, cause }) => {
    const events = (seen.events ?? []).map((event) => ({ ...event, message: 'Lorem ipsum dolor sit amet.' }))
    expect(diagnose(evidence({ ...seen, events }))).toMatchObject({
      code,
      cause: expect.stringMatching(cause),
    })
  })
})
