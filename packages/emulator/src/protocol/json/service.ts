import type { RpcService } from '../rpc.ts'

/** A service of the AWS JSON protocols. */
export interface JsonService extends RpcService {
  /** What comes before the operation's name in the `X-Amz-Target` header. */
  target: string
}
