import { join, resolve } from 'node:path'
import { BuildFailed, type BuiltImage } from '../../../runtime/runtime.ts'
import type { Context } from '../context.ts'
import { shortContainerId } from '../ids.ts'
import { hasSecrets } from '../options/settings.ts'
import type { Instance, Launch } from '../state/model.ts'
import type { Command } from './command.ts'
import { instanceDirectories, type InstanceDirectories } from './directories.ts'
import type { Dockerrun } from './dockerrun.ts'
import { discardImage, isHere } from './discard.ts'
import type { EngineLog } from './engine-log.ts'
import { containerEnvironment, EnvironmentListError } from './environment-list.ts'
import { failures, instructions } from './failure.ts'
import { readManifest, type Manifest } from './manifest.ts'
import { readNginxConfiguration } from './nginx-configuration.ts'
import { stageVersion } from './stage.ts'

/** Lines of the build's output that the engine's error repeats. */
const repeatedLines = 20

/** What the new container is started from and with. A change of configuration and a restart take the image that runs. Throws {@link InstanceFailure}. */
export async function prepareLaunch(
  context: Context,
  instance: Instance,
  command: Command,
  engine: EngineLog,
  signal: AbortSignal,
): Promise<Launch> {
  const directories = instanceDirectories(context.instancesDir, instance.id)
  if (hasSecrets(command.settings)) throw failures.secrets()
  const outputFile = join(directories.containerLogs, `eb-${shortContainerId()}-stdouterr.log`)
  if (
    command.name !== 'app-deploy' &&
    instance.launch !== undefined &&
    (await isHere(context, instance.launch))
  ) {
    return {
      ...instance.launch,
      env: command.name === 'config-deploy' ? environmentOf(command) : instance.launch.env,
      outputFile,
    }
  }
  engine.info('extracting /opt/elasticbeanstalk/deployment/app_source_bundle to /var/app/staging/')
  await stageVersion(context, command.version, directories.staging, signal)
  engine.info(`Executing instruction: ${instructions.prepare}`)
  const manifest = await readManifest(directories.staging)
  const image = await makeImage(context, instance, manifest, directories.staging, command, engine, signal)
  try {
    const { settings: proxy } = await readNginxConfiguration(directories.staging)
    return { ...launchOf(context, manifest, image, command, directories, outputFile), proxy }
  } catch (error) {
    await discardImage(context, image)
    throw error
  }
}

/** Throws {@link InstanceFailure} when the proxy would have no port to forward to, and where `docker run` refuses the properties. */
function launchOf(
  context: Context,
  { dockerrun }: Manifest,
  image: BuiltImage,
  command: Command,
  directories: InstanceDirectories,
  outputFile: string,
): Launch {
  const port = dockerrun.ports[0] ?? image.exposedPorts[0]
  if (port === undefined) throw failures.noPort()
  const { entrypoint, command: words } = dockerrun
  return {
    runtime: context.runtime.name,
    image,
    port,
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(words === undefined ? {} : { command: words }),
    volumes: volumesOf(dockerrun, directories),
    env: environmentOf(command),
    outputFile,
  }
}

function environmentOf({ settings }: Command): Record<string, string> {
  try {
    return containerEnvironment(settings)
  } catch (cause) {
    if (!(cause instanceof EnvironmentListError)) throw cause
    throw failures.environmentList(cause.message, cause.property, { cause })
  }
}

/** Host directories are the instance's, not this machine's. What the application logs to `Logging` lies beside its output. */
function volumesOf(
  { volumes, logging }: Dockerrun,
  { root, containerLogs }: InstanceDirectories,
): Launch['volumes'] {
  return [
    ...volumes.map(({ hostDirectory, containerDirectory }) => ({
      // Resolved against the instance's own root first: no number of dots leads out of it.
      hostDirectory: join(root, resolve('/', hostDirectory)),
      containerDirectory,
    })),
    ...(logging === undefined ? [] : [{ hostDirectory: containerLogs, containerDirectory: logging }]),
  ]
}

async function makeImage(
  { runtime }: Context,
  instance: Instance,
  manifest: Manifest,
  sourceDir: string,
  { deploymentId }: Command,
  engine: EngineLog,
  signal: AbortSignal,
): Promise<BuiltImage> {
  const output: string[] = []
  const log = (line: string) => {
    engine.info(line)
    output.push(line)
    if (output.length > repeatedLines) output.shift()
  }
  const name = `lucree/${instance.id}/staging-app-${deploymentId}-${shortContainerId()}`
  try {
    if (manifest.source === 'image') {
      const { image, dockerrun } = manifest
      return await runtime.pull({ image, onlyIfMissing: !dockerrun.update, log, signal })
    }
    engine.info('Command /bin/sh -c docker build -t aws_beanstalk/staging-app /var/app/staging')
    return await runtime.build({ sourceDir, name, log, signal })
  } catch (cause) {
    signal.throwIfAborted()
    if (!(cause instanceof BuildFailed)) throw cause
    const reason = output.includes(cause.message) ? output.join('\n') : [...output, cause.message].join('\n')
    throw manifest.source === 'image'
      ? failures.pull(manifest.image, reason, { cause })
      : failures.build(reason, { cause })
  }
}
