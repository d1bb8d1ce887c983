import { DescribeApplicationVersionsCommand } from '@aws-sdk/client-elastic-beanstalk'
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import type { clientsOf } from './local-beanstalk.ts'
import { applicationsBelow } from './processes.ts'

/** Where a deploy left its things: an application's only environment, and the state directory of its server. */
interface Place {
  clients: Awaited<ReturnType<typeof clientsOf>>
  application: string
  state: string
}

interface Release {
  number: number
  outcome: string
  version: string
}

/**
 * What a deploy that went wrong may leave although the same command has succeeded since, each in a sentence: versions that no release knows, bundles
 * of no version, unfinished uploads, a lock that somebody holds, a release without an end, a number that is missing, a process too many.
 */
export async function orphansOf(place: Place): Promise<string[]> {
  const { clients, application, state } = place
  const records = `lucree/${application}/environments/${application}-production/`
  const { ApplicationVersions: versions = [] } = await clients.beanstalk.send(
    new DescribeApplicationVersionsCommand({ ApplicationName: application }),
  )
  const Bucket = versions[0]?.SourceBundle?.S3Bucket ?? ''
  const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket }))
  const { Uploads = [] } = await clients.s3.send(new ListMultipartUploadsCommand({ Bucket }))
  const read = async <T>(Key: string) => {
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key }))
    return JSON.parse((await Body?.transformToString()) ?? '') as T
  }
  const keys = Contents.map(({ Key = '' }) => Key)
  const recorded = keys.filter((key) => key.startsWith(`${records}releases/`))
  const releases = await Promise.all(recorded.map((key) => read<Release>(key)))
  const released = new Set(releases.map(({ version }) => version))
  const sources = versions.map(({ SourceBundle }) => SourceBundle?.S3Key ?? '')
  const bundles = keys.filter((key) => key.startsWith(`${application}/`) && key.endsWith('.zip'))
  const numbers = releases.map(({ number }) => number).sort((a, b) => a - b)
  const { holder } = await read<{ holder: { pid: number } | null }>(`${records}lock.json`)
  const applications = await applicationsBelow(state)
  return [
    ...versions
      .filter(({ VersionLabel = '' }) => !released.has(VersionLabel))
      .map(({ VersionLabel }) => `version ${VersionLabel} is in no release`),
    ...sources.filter((key, at) => sources.indexOf(key) < at).map((key) => `two versions have ${key}`),
    ...bundles.filter((key) => !sources.includes(key)).map((key) => `${key} is of no version`),
    ...Uploads.map(({ Key }) => `the upload of ${Key} is unfinished`),
    ...releases
      .filter(({ outcome }) => outcome === 'in-progress')
      .map(({ number }) => `release ${number} has no end`),
    ...numbers.filter((number, at) => number !== at + 1).map((number) => `release ${number} follows a gap`),
    ...(holder === null ? [] : [`process ${holder.pid} holds the lock`]),
    ...(applications.length === 1 ? [] : [`applications that run: ${applications.join(', ') || 'none'}`]),
  ]
}
