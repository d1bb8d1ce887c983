import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import type { Identity } from '../beanstalk/ports.ts'
import { callOptions, clientOptions } from './client-options.ts'
import type { Connection } from './connection.ts'
import { translated } from './translate-error.ts'

/** STS behind the {@link Identity} port. */
export function openIdentity(connection: Connection): Identity {
  const client = new STSClient(clientOptions(connection))
  return {
    describeCaller: (signal) =>
      translated(connection, 'GetCallerIdentity', signal, async () => {
        const caller = await client.send(new GetCallerIdentityCommand({}), callOptions(signal))
        return { accountId: caller.Account ?? '', arn: caller.Arn ?? '' }
      }),
  }
}
