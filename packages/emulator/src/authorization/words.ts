import { ServiceError } from '../services/service.ts'
import type { Denied } from './authorize.ts'

/** Services that answer in JSON name their errors as the SDK's classes are called. */
const IN_JSON = new Set(['logs', 'servicequotas', 'secretsmanager', 'ssm'])

/** The error that a service answers to a caller who lacks a right, by the service's name in the signature. */
export function denialOf(service: string, denied: Denied): ServiceError {
  const { message, need } = denied
  if (service === 'ec2') {
    const text = `You are not authorized to perform this operation. ${message}`
    return new ServiceError('UnauthorizedOperation', text, 403, { cause: denied })
  }
  if (IN_JSON.has(service)) return new ServiceError('AccessDeniedException', message, 400, { cause: denied })
  if (need.onBehalf) return new ServiceError('InsufficientPrivilegesException', behalf(denied), 403)
  return new ServiceError('AccessDenied', message, 403, { cause: denied })
}

/** Beanstalk's own sentence for a file of the platform that the caller can't read (facts sheet §2.2); else IAM's. */
function behalf({ message, need: { action, resource } }: Denied): string {
  const asset = /^arn:aws:s3:::(elasticbeanstalk-platform-assets-[^/]+)\/(.*)$/.exec(resource)
  return asset && action === 's3:GetObject'
    ? `Access Denied: S3Bucket=${asset[1]}, S3Key=${asset[2]}`
    : message
}
