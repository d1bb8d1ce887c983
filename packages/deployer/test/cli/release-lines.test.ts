import { expect, test } from 'vitest'
import { releaseLines, releaseTable } from '../../src/cli/release-lines.ts'
import type { ReleasesResult } from '../../src/deploy/releases.ts'
import { createStyle } from '../../src/report/style.ts'

const plain = createStyle(false)
const release: ReleasesResult['releases'][number] = {
  ...{ number: 42, application: 'shop', environment: 'shop-production', command: 'lucree deploy' },
  ...{ outcome: 'deployed', version: '20261122-173001-4f2c1ab-0c6d00112233', bundle: null },
  ...{ by: 'arn:aws:iam::123456789012:user/ana', host: 'laptop', ciUrl: null, lucree: '0.1.0' },
  ...{
    at: '2026-11-22T17:30:01.123Z',
    message: 'the new header',
    unattended: false,
    probe: null,
    durationMs: 83_000,
    cause: null,
  },
  revision: { commit: '4f2c1abdeadbeef0', subject: 'feat: header', dirty: true },
  undo: 'lucree rollback 41',
}
const failed: typeof release = {
  ...release,
  ...{ command: 'lucree env set' },
  ...{ number: 43, outcome: 'failed', durationMs: null, message: null, version: null },
  cause: { code: 'LUC-EXIT', sentence: 'the container ended with exit code 1' },
}
const result = (releases: ReleasesResult['releases']): ReleasesResult => ({
  ...{ application: 'shop', environment: 'shop-production', releases, unreadable: [] },
})

test('releases are a table, newest first, with who, when, how long and why', () => {
  expect(releaseTable(result([failed, release]), plain)).toEqual([
    'RELEASE  OUTCOME   COMMAND  VERSION                               AT                    BY        TOOK        MESSAGE',
    '43       failed    env set  -                                     2026-11-22T17:30:01Z  user/ana  -           feat: header',
    '42       deployed  deploy   20261122-173001-4f2c1ab-0c6d00112233  2026-11-22T17:30:01Z  user/ana  1 min 23 s  the new header',
  ])
})

test('colours repeat the outcome and don’t move the columns', () => {
  const [, line = ''] = releaseTable(result([release]), createStyle(true))
  expect(line).toContain('\u001b[32mdeployed\u001b[39m  deploy   2026')
})

test('one release tells every fact that there is, and what others wrote can’t steer the terminal', () => {
  const lines = releaseLines({ ...failed, message: 'evil\u001b[2Jtext' }, plain)
  expect(lines[0]).toBe('Release 43 of shop-production: failed')
  expect(lines).toContain('Cause    the container ended with exit code 1 [LUC-EXIT]')
  expect(lines).toContain('Commit   4f2c1abdeadb feat: header (with uncommitted changes)')
  expect(lines).toContain('Message  eviltext')
  expect(lines.some((line) => line.startsWith('CI run'))).toBe(false)
})

test('an environment without releases says so', () => {
  expect(releaseTable(result([]), plain)).toEqual(['shop-production has no releases yet'])
})
