import fc from 'fast-check'
import { expect, test } from 'vitest'
import { versionLabel, versionOfContent } from '../../src/beanstalk/version.ts'
import type { VersionDescription } from '../../src/beanstalk/ports.ts'

const digest = fc.stringMatching(/^[0-9a-f]{64}$/)

function version(label: string, status = 'processed', createdAt = new Date(0)): VersionDescription {
  return { label, status, createdAt, description: undefined, bucket: 'bucket', key: 'key' }
}

test('a label tells when, which commit and what content, and fits into Beanstalk’s 100 characters', () => {
  const label = versionLabel(new Date('2026-11-22T17:30:01.999Z'), '4f2c1abdeadbeef', '0c6d00112233445566')
  expect(label).toBe('20261122-173001-4f2c1ab-0c6d00112233')
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date(0) }), digest, (at, content) => {
      expect(versionLabel(at, undefined, content).length).toBeLessThanOrEqual(100)
    }),
  )
})

test('a version is found again by the content that it was made of, whenever and at whatever commit', () => {
  fc.assert(
    fc.property(
      digest,
      digest,
      fc.option(fc.stringMatching(/^[0-9a-f]{40}$/), { nil: undefined }),
      (one, other, commit) => {
        const labels = [
          versionLabel(new Date(0), commit, one),
          versionLabel(new Date(1e12), undefined, other),
        ]
        expect(
          versionOfContent(
            labels.map((label) => version(label)),
            one,
          )?.label,
        ).toMatch(new RegExp(`${one.slice(0, 12)}$`))
      },
    ),
  )
})

test('of several versions with the same content the newest is taken, and none that failed', () => {
  const found = versionOfContent(
    [
      version('a-000000000000', 'processed', new Date(1)),
      version('b-000000000000', 'unprocessed', new Date(2)),
      version('c-000000000000', 'failed', new Date(3)),
    ],
    '0'.repeat(64),
  )
  expect(found?.label).toBe('b-000000000000')
})
