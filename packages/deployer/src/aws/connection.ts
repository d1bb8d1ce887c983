import type { Sensitive } from '../config/sensitive.ts'

/** Where the cloud is and as whom it is spoken to. What is left out is the AWS SDK's default chain: profiles, SSO, roles, `AWS_ENDPOINT_URL`. */
export interface Connection {
  region: string
  profile?: string
  /** Base URL of the embedded Beanstalk. */
  endpoint?: string
  credentials?: { accessKeyId: string; secretAccessKey: Sensitive }
}
