import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { mkdir, writeFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { ProcessRuntime } from '../../../src/runtime/process.ts'
import { bodyOf, eventually, filesIn, scratch } from '../fixture.ts'

test('what a kill -9 left half-written of the runtime’s own files keeps no later application from starting', async () => {
  const dir = await scratch()
  for (const name of ['package.json', 'port-shim.cjs']) await writeFile(join(dir, name), '')
  await mkdir(join(dir, 'shims'))
  await writeFile(join(dir, 'shims/rm'), '#!/bin/sh\nfor path')
  const runtime = new ProcessRuntime({ dir, clock: systemClock })
  onTestFinished(() => runtime.sweep([]))
  const sourceDir = await filesIn({
    Dockerfile:
      'FROM node:24\nWORKDIR /app\nCOPY . .\nRUN touch gone && rm gone\nEXPOSE 8080\nCMD ["node", "server.js"]\n',
    'server.js': "require('node:http').createServer((_, res) => res.end('up')).listen(8080)",
  })
  const { signal } = new AbortController()
  const image = await runtime.build({ sourceDir, name: 'app', log: () => undefined, signal })
  const outputFile = join(dir, 'out.log')
  const container = await runtime.start({ image, name: 'c', env: {}, port: 8080, outputFile, signal })
  expect(await eventually(() => bodyOf(container.hostPort))).toBe('up')
})

test('a sweep takes images and unfinished copies that nothing needs, and leaves those that are needed', async () => {
  const dir = await scratch()
  const runtime = new ProcessRuntime({ dir, clock: systemClock })
  const sourceDir = await filesIn({ Dockerfile: 'FROM node:24\nCMD ["node"]\n' })
  const { signal } = new AbortController()
  const build = () => runtime.build({ sourceDir, name: 'app', log: () => undefined, signal })
  const [kept, forgotten] = [await build(), await build()]
  await mkdir(join(dir, 'layers/.partial-1'), { recursive: true })
  await new ProcessRuntime({ dir, clock: systemClock }).sweep([], [kept])
  expect([kept.ref, forgotten.ref, join(dir, 'layers/.partial-1')].map(existsSync)).toEqual([
    true,
    false,
    false,
  ])
})
