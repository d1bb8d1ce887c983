import { PermissionError } from '../../errors.ts'
import { bundleKey } from '../../beanstalk/upload.ts'
import type { Check } from './check.ts'
import type { ExaminedContext } from './examined.ts'

/** Whether Beanstalk's bucket is this account's: its name can be taken by anybody (facts sheet §2.6). */
export const storageCheck: Check<ExaminedContext> = {
  name: 'storage',
  run: async ({ cloud, target, caller }, signal) => {
    const name = 'storage'
    const bucket = `elasticbeanstalk-${target.region}-${caller.accountId}`
    try {
      if (!(await cloud.buckets.exists(bucket, signal))) {
        return [{ name, state: 'ok', found: `${bucket} is missing; a deploy makes it`, mend: [] }]
      }
      const bundles = await cloud.bundles.list(
        bucket,
        bundleKey(target.application, '').replace(/\.zip$/, ''),
        signal,
      )
      return [
        {
          name,
          state: 'ok',
          found: `${bucket}; bundles of ${target.application}: ${bundles.length}`,
          mend: [],
        },
      ]
    } catch (error) {
      if (!(error instanceof PermissionError) || error.code !== 'LUC-AWS-DENIED') throw error
      return [
        {
          ...{ name, state: 'failed', code: 'LUC-ACCOUNT-FOREIGN-BUCKET', exitCode: 3 },
          found: `${bucket} is closed to account ${caller.accountId}`,
          why: 'either the bucket belongs to another account, or these credentials lack s3:ListBucket on it',
          mend: [
            `aws s3api head-bucket --bucket ${bucket} --expected-bucket-owner ${caller.accountId}   # 403 to an administrator too: it is somebody else's`,
            'lucree deploy --region ANOTHER   # the name of the bucket has the region in it',
          ],
        },
      ]
    }
  },
}
