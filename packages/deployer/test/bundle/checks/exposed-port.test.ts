import { describe, expect, test } from 'vitest'
import { bundle, refusal } from '../bundled.ts'

const exposed = async (Dockerfile: string) => await bundle({ Dockerfile })

describe('the port is', () => {
  test.each([
    ['FROM a\nEXPOSE 3000', 3000],
    ['FROM a\nexpose 3000/tcp', 3000],
    ['FROM a\nEXPOSE 3000-3005', 3000],
    ['ARG PORT=1\nFROM a\nARG PORT=5000\nEXPOSE $PORT', 5000],
    ['ARG PORT=5001\nFROM a\nARG PORT\nENV P=$PORT\nEXPOSE ${P}', 5001],
    ['FROM scratch\nEXPOSE ${PORT:-5002}', 5002],
    ['FROM a\nEXPOSE 8080 8080/udp', 8080],
    ['FROM a\nEXPOSE 80:8080', 8080],
    ['FROM a\nARG V=v1\nEXPOSE ${V#v}', 1],
    ['FROM a AS base\nEXPOSE 80\nFROM base\nRUN x', 80],
    ['FROM a AS base\nEXPOSE 80\nFROM base\nEXPOSE 81', 81],
    ['FROM a\nEXPOSE "8081"', 8081],
  ])('in %j: %i', async (text, port) => {
    const made = await exposed(text)
    expect(made.port).toBe(port)
    expect(made.warnings).toEqual([])
  })

  test('the first of several, which is told', async () => {
    const made = await exposed('FROM a\nEXPOSE 80 443\nEXPOSE 9')
    expect(made.port).toBe(80)
    expect(made.warnings).toEqual([
      'Dockerfile:2: several ports are exposed, and Beanstalk forwards to one: 80.',
    ])
  })

  test('the first of TCP where one of UDP stands before, which is told', async () => {
    const made = await exposed('FROM a\nEXPOSE 5353/udp\nEXPOSE 8080')
    expect(made.port).toBe(8080)
    expect(made.warnings).toEqual([
      'Dockerfile:2: 5353/udp is exposed first, but Beanstalk forwards to the first TCP port: 8080.',
    ])
  })

  test('unknown when only the base image knows the variable, which is told', async () => {
    const made = await exposed('FROM a\nARG PORT\nEXPOSE $PORT')
    expect(made.port).toBeUndefined()
    expect(made.warnings[0]).toContain('Dockerfile:3: the value of EXPOSE $PORT')
  })
})

test.each([
  ['FROM a\nCMD x', 'Dockerfile: the final stage has no EXPOSE'],
  ['FROM a AS build\nEXPOSE 80\nFROM b\nCMD x', 'Dockerfile: the final stage has no EXPOSE'],
  ['FROM a\nEXPOSE 53/udp', 'Dockerfile:2: EXPOSE 53/udp names no TCP port'],
  ['FROM scratch\nEXPOSE $PORT', 'Dockerfile:2: EXPOSE $PORT names no TCP port'],
  ['FROM a\nEXPOSE 0', 'Dockerfile:2: EXPOSE 0 names no TCP port'],
])('%j is refused with both ways to name a port', async (text, message) => {
  const error = await refusal(exposed(text))
  expect(error).toMatchObject({ message, code: 'LUC-SOURCE-NO-PORT', exitCode: 4 })
  expect(error.hints[0]).toContain('EXPOSE 8080')
  expect(error.hints[1]).toContain('Ports')
})
