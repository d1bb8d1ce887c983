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
        const command = new GetCallerIdentityCommand({})
        let date: string | undefined
        command.middlewareStack.add(
          (next) => async (given) => {
            const answer = await next(given)
            date = headersOf(answer.response)['date']
            return answer
          },
          { step: 'deserialize', priority: 'low', name: 'dateOfAnswer' },
        )
        const caller = await client.send(command, callOptions(signal))
        return { accountId: caller.Account ?? '', arn: caller.Arn ?? '', at: momentOf(date) }
      }),
  }
}

function headersOf(response: unknown): Record<string, string> {
  return (response as { headers?: Record<string, string> } | undefined)?.headers ?? {}
}

function momentOf(date: string | undefined): Date | undefined {
  const milliseconds = Date.parse(date ?? '')
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds)
}
