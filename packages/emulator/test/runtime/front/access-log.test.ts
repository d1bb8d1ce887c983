import { expect, test } from 'vitest'
import { accessLogLine } from '../../../src/runtime/front/access-log.ts'

test('a line reads as those of the platform, and no header can forge another', () => {
  const line = accessLogLine({
    target: 'i-1',
    at: new Date('2026-11-02T03:04:05.678Z'),
    durationMs: 3,
    clientAddress: '127.0.0.1',
    method: 'GET',
    path: '/a?b=1',
    httpVersion: '1.1',
    status: 200,
    bytes: 12,
    referer: '-',
    error: undefined,
    userAgent: 'curl "x"\n\\',
  })
  expect(line).toBe(
    '127.0.0.1 - - [02/Nov/2026:03:04:05 +0000] "GET /a?b=1 HTTP/1.1" 200 12 "-" "curl \\x22x\\x22\\x0A\\x5C" "127.0.0.1"',
  )
})
