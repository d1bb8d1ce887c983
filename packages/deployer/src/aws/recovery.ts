import {
  AbortEnvironmentUpdateCommand,
  type ElasticBeanstalkClient,
  RebuildEnvironmentCommand,
  RestartAppServerCommand,
  TerminateEnvironmentCommand,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Beanstalk } from '../beanstalk/ports.ts'
import { callOptions } from './client-options.ts'

type Run = <T>(operation: string, signal: AbortSignal | undefined, call: () => Promise<T>) => Promise<T>

/** The calls that end what an environment is at, or make it anew. */
export function recovery(
  client: ElasticBeanstalkClient,
  run: Run,
): Pick<
  Beanstalk,
  'abortUpdate' | 'terminateEnvironment' | 'forceTerminate' | 'rebuildEnvironment' | 'restartApplication'
> {
  const terminate = (EnvironmentName: string, ForceTerminate: boolean, signal: AbortSignal | undefined) =>
    run('TerminateEnvironment', signal, async () => {
      const { $metadata } = await client.send(
        new TerminateEnvironmentCommand({ EnvironmentName, ...(ForceTerminate ? { ForceTerminate } : {}) }),
        callOptions(signal),
      )
      return { requestId: $metadata.requestId ?? '' }
    })

  return {
    terminateEnvironment: (environment, signal) => terminate(environment, false, signal),

    forceTerminate: (environment, signal) => terminate(environment, true, signal),

    rebuildEnvironment: (EnvironmentId, signal) =>
      run('RebuildEnvironment', signal, async () => {
        const { $metadata } = await client.send(
          new RebuildEnvironmentCommand({ EnvironmentId }),
          callOptions(signal),
        )
        return { requestId: $metadata.requestId ?? '' }
      }),

    restartApplication: (EnvironmentName, signal) =>
      run('RestartAppServer', signal, async () => {
        const { $metadata } = await client.send(
          new RestartAppServerCommand({ EnvironmentName }),
          callOptions(signal),
        )
        return { requestId: $metadata.requestId ?? '' }
      }),

    abortUpdate: (EnvironmentName, signal) =>
      run('AbortEnvironmentUpdate', signal, async () => {
        await client.send(new AbortEnvironmentUpdateCommand({ EnvironmentName }), callOptions(signal))
      }),
  }
}
