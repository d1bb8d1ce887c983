import { ZipArchive } from 'archiver'
import { buffer } from 'node:stream/consumers'
import { logFilesOf } from './instance-files.ts'

/** A zip of all of the instance's logs under their own paths, and how many there are. */
export async function bundleLogs(
  instancesDir: string,
  instanceId: string,
): Promise<{ zip: Buffer; count: number }> {
  const files = await logFilesOf(instancesDir, instanceId)
  const archive = new ZipArchive({ zlib: { level: 6 } })
  const zip = buffer(archive)
  const failed = new Promise<never>((_, reject) => {
    archive.on('error', reject)
    // A log that vanished is a warning to archiver.
    archive.on('warning', reject)
  })
  for (const { path, name } of files) archive.file(path, { name: name.slice(1) })
  await Promise.race([archive.finalize(), failed])
  return { zip: await Promise.race([zip, failed]), count: files.length }
}
