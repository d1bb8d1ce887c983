import { copyFile, mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../context.ts'
import type { Version } from '../state/model.ts'
import { failures } from './failure.ts'
import { writeSampleApplication } from './sample-application.ts'
import { BUNDLE_FILE, STAGING, UnzipFailure } from './unzip-entry.ts'
import { unzip } from './unzip.ts'

/** Puts the version's source where the platform builds it, in place of what was there. Throws {@link InstanceFailure}. */
export async function stageVersion(
  { objects }: Pick<Context, 'objects'>,
  version: Version | undefined,
  staging: string,
  signal: AbortSignal,
): Promise<void> {
  await rm(staging, { recursive: true, force: true })
  if (version?.source === undefined) return writeSampleApplication(staging)
  const { bucket, key } = version.source
  const object = await objects.stat(bucket, key)
  if (object === undefined) {
    throw failures.badBundle(`failed to download s3://${bucket}/${key}: The specified key does not exist`)
  }
  const kind = await kindOf(object.path)
  if (kind !== 'zip') return stageLoneFile(object.path, kind, staging)
  try {
    await unzip(object.path, staging, signal)
  } catch (cause) {
    signal.throwIfAborted()
    const { message } = cause as Error
    throw cause instanceof UnzipFailure
      ? failures.badBundle(unzipFailed(cause), { cause })
      : failures.badBundle(`failed to extract source bundle: ${message}`, { cause })
  }
}

/** As eb-engine.log has it. */
function unzipFailed({ status, message }: UnzipFailure): string {
  return `Command /usr/bin/unzip -q -o ${BUNDLE_FILE} -d ${STAGING} failed with error exit status ${status}. Stderr:${message}`
}

/** A Dockerfile or a Dockerrun.aws.json may be uploaded as it is. */
async function stageLoneFile(path: string, name: string, staging: string): Promise<void> {
  await mkdir(staging, { recursive: true })
  await copyFile(path, join(staging, name))
}

async function kindOf(path: string): Promise<'zip' | 'Dockerfile' | 'Dockerrun.aws.json'> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0)
    const start = buffer.subarray(0, bytesRead)
    if (start.subarray(0, 2).toString('latin1') === 'PK') return 'zip'
    return start.toString('utf8').trimStart().startsWith('{') ? 'Dockerrun.aws.json' : 'Dockerfile'
  } finally {
    await file.close()
  }
}
