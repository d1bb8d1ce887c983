import { CloudError, PermissionError, PlatformError } from '../../errors.ts'
import { type Place, recordsPrefix } from '../storage.ts'

/**
 * Says which rights a lock needs when a call on it is refused. Without s3:ListBucket S3 refuses to tell that an object isn't there, and a
 * conditional write needs s3:GetObject beside s3:PutObject.
 */
export async function saidOfRights<T>(
  { bucket, application, environment }: Place,
  done: 'read' | 'written',
  call: () => Promise<T>,
): Promise<T> {
  const what = `The lock of ${environment} can't be ${done}`
  try {
    return await call()
  } catch (error) {
    if (error instanceof PermissionError && error.code === 'LUC-AWS-DENIED') {
      throw new PermissionError(what, {
        code: 'LUC-LOCK-DENIED',
        why: `${error.message}${error.why ? ` (${error.why})` : ''}`,
        hints: [
          `allow s3:GetObject and s3:PutObject on arn:aws:s3:::${bucket}/${recordsPrefix(application)}*, and s3:ListBucket on arn:aws:s3:::${bucket}`,
          'aws sts get-caller-identity   # who these credentials are',
        ],
        cause: error,
      })
    }
    if (error instanceof CloudError && error.awsCode === 'NoSuchBucket') {
      throw new PlatformError(what, {
        code: 'LUC-LOCK-NO-BUCKET',
        why: `the bucket ${bucket} does not exist`,
        hints: ['aws elasticbeanstalk create-storage-location   # makes it'],
        cause: error,
      })
    }
    throw error
  }
}
