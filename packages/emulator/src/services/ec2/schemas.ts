import * as sdk from '@aws-sdk/client-ec2'
import { operationSchemas } from '../../protocol/schema.ts'

/** EC2's operations; loaded on demand. */
export const schemas = operationSchemas(sdk)
