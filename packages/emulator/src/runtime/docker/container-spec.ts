import type { StartOptions } from '../runtime.ts'
import { splitCommand } from '../command-words.ts'

/** What the engine is asked to create, as `docker run` of the platform would: pure, so that it can be read and tested. */
export function containerSpec(options: StartOptions, stateId: string): Record<string, unknown> {
  const { image, name, env, port, entrypoint, command, volumes = [] } = options
  return {
    Image: image.ref,
    Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
    Labels: { 'lucree.state': stateId, ...labelsOf(name) },
    ExposedPorts: { [`${port}/tcp`]: {} },
    ...(entrypoint === undefined ? {} : { Entrypoint: splitCommand(entrypoint) }),
    ...(command === undefined ? {} : { Cmd: splitCommand(command) }),
    HostConfig: {
      // An empty port lets the engine choose; the address keeps it off the network.
      PortBindings: { [`${port}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: '' }] },
      Binds: volumes.map(({ hostDirectory, containerDirectory }) => `${hostDirectory}:${containerDirectory}`),
      // The one driver whose output every engine can replay from the beginning.
      LogConfig: { Type: 'json-file', Config: {} },
    },
  }
}

/** `eb-<environment id>-<instance id>-<deployment id>` in parts, for people who look with `docker ps --filter label=…`. */
function labelsOf(name: string): Record<string, string> {
  const match = /^eb-(e-[a-z0-9]+)-(i-[a-z0-9]+)-/.exec(name)
  if (!match) return {}
  return { 'lucree.environment': match[1] ?? '', 'lucree.instance': match[2] ?? '' }
}
