import type { Found, View } from './inventory.ts'
import { type Held, isKind, type Staying } from './item.ts'

/** Beanstalk's own empty marker, which some of its buckets hold. */
const MARKER = '.elasticbeanstalk'

/**
 * Beanstalk's bucket, when this application's things are all that is in it and the region has no other application: it goes last. Beanstalk makes it
 * anew for whoever asks for it.
 */
export async function findBucket(
  { cloud, signal, bucket, others }: View,
  items: Held[],
  unseen: Staying[],
): Promise<Found> {
  if (!(await cloud.buckets.exists(bucket, signal))) return { items: [] }
  const kept = (why: string): Found => ({ items: [], kept: [{ kind: 'bucket', name: bucket, why }] })
  const [other] = others
  if (other !== undefined) return kept(`it is the whole region's, and the application ${other} is there too`)
  if (unseen.some(({ kind }) => kind === 'object' || kind === 'version')) {
    return kept('not all that is in it could be looked at')
  }
  const ours = new Set(items.filter(isKind('object')).map(({ key }) => key))
  // So many that one at least is somebody else's, if there is any.
  const keys = await cloud.buckets.firstKeys(bucket, ours.size + 2, signal)
  const foreign = keys.find((key) => !ours.has(key) && key !== MARKER)
  if (foreign !== undefined) return kept(`it holds other things too, such as ${foreign}`)
  const marker = keys.includes(MARKER)
    ? [
        {
          kind: 'object' as const,
          name: `s3://${bucket}/${MARKER}`,
          ...{ bucket, key: MARKER, what: { is: 'record' as const } },
        },
      ]
    : []
  return { items: [...marker, { kind: 'bucket', name: bucket }] }
}
