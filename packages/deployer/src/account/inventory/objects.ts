import { recordsPrefix } from '../../beanstalk/storage.ts'
import { bundleKey } from '../../beanstalk/upload.ts'
import type { Found, View } from './inventory.ts'
import type { Held, Staying } from './item.ts'

/**
 * Versions with their bundles. A bundle is a zip directly below the application's prefix, where lucree and the EB CLI put them, whether a version
 * still names it or not, or what a version names elsewhere in Beanstalk's bucket. One that another application's version names too is kept, and so
 * is one in a bucket of the user's own.
 */
export async function findVersions(view: View): Promise<Found> {
  const { cloud, signal, application, bucket, exists, others } = view
  const versionsOf = (name: string) => cloud.beanstalk.describeVersions(name, undefined, signal)
  const [versions, foreign, keys] = await Promise.all([
    exists ? versionsOf(application) : [],
    Promise.all(others.map(versionsOf)),
    cloud.bundles.list(bucket, bundlePrefix(application), signal),
  ])
  const shared = new Set(foreign.flat().flatMap((version) => (version.bucket === bucket ? version.key : [])))
  const elsewhere = versions.filter((version) => version.bucket !== undefined && version.bucket !== bucket)
  const here = new Set(
    versions.flatMap(({ key, ...version }) => (version.bucket === bucket && key ? [key] : [])),
  )
  // What a version names may have been deleted already; the bucket's list says what is there.
  const apart = [...here].filter((key) => !isBundle(application, key))
  const sizes = await Promise.all(apart.map((key) => cloud.bundles.size(bucket, key, signal)))
  const bundles = [
    ...keys.filter((key) => isBundle(application, key)),
    ...apart.filter((_, index) => sizes[index] !== undefined),
  ]
  return {
    items: [
      ...versions.map(({ label }) => ({ kind: 'version' as const, name: label, label })),
      ...bundles
        .filter((key) => !shared.has(key))
        .map((key) => {
          const of = versions.filter((version) => version.key === key).map(({ label }) => label)
          return objectOf(bucket, key, { is: 'bundle', of })
        }),
    ],
    kept: [
      ...bundles
        .filter((key) => shared.has(key))
        .map((key) => staying(bucket, key, "another application's version is made of it")),
      ...elsewhere.flatMap(({ label, ...of }) =>
        of.bucket && of.key
          ? [staying(of.bucket, of.key, `version ${label} was made of it, in a bucket of your own`)]
          : [],
      ),
    ],
  }
}

/** Logs that Beanstalk put below the ids of the application's environments, also of those that were terminated earlier (facts sheet §3.2). */
export async function findLogs({ cloud, signal, bucket, live, past }: View): Promise<Found> {
  const environments = [...live, ...past].flatMap(({ id, name }) => (id ? [{ id, name }] : []))
  const found = await Promise.all(
    environments.map(async ({ id, name }) => {
      const prefixes = [
        ...['tail', 'bundle', 'publish'].map((kind) => `resources/environments/logs/${kind}/${id}/`),
        `resources/environments/${id}/`,
      ]
      const keys = await Promise.all(prefixes.map((prefix) => cloud.bundles.list(bucket, prefix, signal)))
      return [...new Set(keys.flat())].map((key) => objectOf(bucket, key, { is: 'log' }, name))
    }),
  )
  return { items: found.flat() }
}

/** What lucree itself keeps: locks and releases. */
export async function findRecords({ cloud, signal, bucket, application }: View): Promise<Found> {
  const keys = await cloud.bundles.list(bucket, ownPrefix(application), signal)
  const ofEnvironment = recordsPrefix(application)
  return {
    items: keys.map((key) => {
      const [environment] = key.startsWith(ofEnvironment) ? key.slice(ofEnvironment.length).split('/') : []
      return objectOf(bucket, key, { is: 'record' }, environment)
    }),
  }
}

/** Parts of an upload that was cut off are billed and show in no list of objects. */
export async function findUploads({ cloud, signal, bucket, application }: View): Promise<Found> {
  const prefixes = [bundlePrefix(application), ownPrefix(application)]
  const found = await Promise.all(prefixes.map((prefix) => cloud.buckets.listUploads(bucket, prefix, signal)))
  const ours = found
    .flat()
    .filter(({ key }) => key.startsWith(ownPrefix(application)) || isBundle(application, key))
  return {
    items: ours.map((upload) => ({
      kind: 'upload',
      name: `s3://${bucket}/${upload.key}?uploadId=${upload.id}`,
      ...{ bucket, upload },
    })),
  }
}

const ownPrefix = (application: string) => `lucree/${application}/`
const bundlePrefix = (application: string) => bundleKey(application, '').replace(/\.zip$/, '')

/** Directly below the prefix: an application may be called `resources`, and then the logs of all the others are below its prefix too. */
function isBundle(application: string, key: string): boolean {
  const prefix = bundlePrefix(application)
  return key.startsWith(prefix) && /^[^/]+\.zip$/.test(key.slice(prefix.length))
}

function objectOf(
  bucket: string,
  key: string,
  what: Held<'object'>['what'],
  environment?: string,
): Held<'object'> {
  const name = `s3://${bucket}/${key}`
  return { kind: 'object', name, bucket, key, what, ...(environment ? { environment } : {}) }
}

function staying(bucket: string, key: string, why: string): Staying {
  return { kind: 'object', name: `s3://${bucket}/${key}`, why }
}
