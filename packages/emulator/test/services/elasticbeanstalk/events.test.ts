import fc from 'fast-check'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openAccount } from './account.ts'
import { openEventLog } from '../../../src/services/elasticbeanstalk/state/event-log.ts'

async function withApplications(count: number) {
  const account = await openAccount()
  for (let index = 0; index < count; index++) {
    await account.send('CreateApplication', { ApplicationName: `app-${index}` }, `request-${index}`)
  }
  return account
}

test('tells what happens to applications and versions', async () => {
  const account = await openAccount()
  await account.send('CreateApplication', { ApplicationName: 'shop' }, 'app')
  await account.send('CreateApplicationVersion', { ApplicationName: 'shop', VersionLabel: 'v1' }, 'version')
  expect(await account.messages({ RequestId: 'app' })).toEqual([
    'INFO createApplication is starting.',
    'INFO Created new Application: shop',
    'INFO createApplication completed successfully.',
  ])
  expect(await account.messages({ VersionLabel: 'v1' })).toEqual([
    'INFO createApplicationVersion is starting.',
    'INFO Created new Application Version: v1',
    'INFO createApplicationVersion completed successfully.',
  ])
})

test('pages are newest first, whole and without repetition, also when events come meanwhile', async () => {
  const account = await withApplications(4)
  const before = (await account.call('DescribeEvents', {})).Events!
  expect(before).toHaveLength(12)
  const seen: string[] = []
  let NextToken: string | undefined
  do {
    const page = await account.call('DescribeEvents', { MaxRecords: 5, ...(NextToken && { NextToken }) })
    seen.push(...page.Events!.map(({ Message, ApplicationName }) => `${ApplicationName} ${Message}`))
    if (seen.length === 5) await account.call('CreateApplication', { ApplicationName: 'meanwhile' })
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  expect(seen).toEqual(before.map(({ Message, ApplicationName }) => `${ApplicationName} ${Message}`))
})

test('a start is inclusive, an end exclusive, and a severity means that one or graver', async () => {
  const account = await withApplications(1)
  const { Events } = await account.call('DescribeEvents', {})
  const at = Events![0]!.EventDate!
  expect((await account.call('DescribeEvents', { StartTime: at })).Events!.length).toBeGreaterThan(0)
  expect((await account.call('DescribeEvents', { StartTime: at, EndTime: at })).Events).toEqual([])
  expect((await account.call('DescribeEvents', { Severity: 'WARN' })).Events).toEqual([])
  expect((await account.call('DescribeEvents', { Severity: 'TRACE' })).Events).toHaveLength(3)
})

test('whatever is written to the event log is read again, in order', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 8 }), async (messages) => {
      const dir = await mkdtemp(join(tmpdir(), 'lucree-events-'))
      try {
        const now = new Date()
        const log = await openEventLog(dir, now)
        for (const [index, message] of messages.entries()) {
          const environment = index % 2 === 0 ? { environment: { id: 'e-1', name: 'one' } } : {}
          await log.append({ at: now.toISOString(), severity: 'INFO', message, ...environment })
        }
        const again = await openEventLog(dir, now)
        expect(again.all()).toEqual(log.all())
        expect(again.all().map(({ message }) => message)).toEqual(messages)
      } finally {
        await rm(dir, { recursive: true })
      }
    }),
    { numRuns: 30 },
  )
})
