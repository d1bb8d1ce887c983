import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claimDirectory, Held } from '../../src/state/claim.ts'
import { identify, isAlive } from '../../src/state/process-identity.ts'
import { scratch } from '../support/local-account.ts'

const nobody = { pid: 999_999_999, startedAt: '1' }

test('of many who claim a directory at once one gets it and the others are told who', async () => {
  const dir = await scratch()
  const claims = await Promise.allSettled(Array.from({ length: 12 }, () => claimDirectory(dir)))
  expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const claim of claims) {
    if (claim.status === 'rejected')
      expect(claim.reason).toMatchObject({ name: 'Held', holder: { pid: process.pid } })
  }
})

test('many who find a dead holder at once do not both take its place', async () => {
  for (let round = 0; round < 10; round++) {
    const dir = await scratch()
    await writeFile(join(dir, 'claim.7'), JSON.stringify(nobody))
    const claims = await Promise.allSettled(Array.from({ length: 6 }, () => claimDirectory(dir)))
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await readdir(dir)).toEqual(['claim.8'])
  }
})

test('a released directory can be claimed again, by the same process too', async () => {
  const dir = await scratch()
  for (let time = 0; time < 3; time++) {
    const claim = await claimDirectory(dir)
    await expect(claimDirectory(dir)).rejects.toBeInstanceOf(Held)
    await claim.release()
  }
})

test('a claim whose pid was given to another process is stale', async () => {
  const dir = await scratch()
  await writeFile(join(dir, 'claim.1'), JSON.stringify({ pid: process.pid, startedAt: '1' }))
  await claimDirectory(dir)
})

test('something else under the name of a claim is not overrun', async () => {
  const dir = await scratch()
  await writeFile(join(dir, 'claim.1'), 'nonsense')
  await expect(claimDirectory(dir)).rejects.toMatchObject({ code: 'StateUnreadable' })
})

test('a process is told from the one that had its pid, and from its own remains', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  const identity = await identify(child.pid as number)
  expect(identity).toMatchObject({ pid: child.pid })
  expect(await isAlive(identity as NonNullable<typeof identity>)).toBe(true)
  expect(await isAlive({ pid: child.pid as number, startedAt: 'another' })).toBe(false)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await isAlive(identity as NonNullable<typeof identity>)).toBe(false)
})
