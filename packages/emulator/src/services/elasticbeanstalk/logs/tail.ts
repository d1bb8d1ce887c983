import { open } from 'node:fs/promises'
import { logFilesOf } from './instance-files.ts'

/** Lines of each log that a tail shows. */
const tailLines = 100
/** Bytes from a log's end that are looked through for them. */
const tailBytes = 512 * 1024

const rule = '-'.repeat(40)

/** The last lines of each of the instance's logs in the platform's layout, and how many logs there are. */
export async function tailLogs(
  instancesDir: string,
  instanceId: string,
): Promise<{ text: string; count: number }> {
  const files = await logFilesOf(instancesDir, instanceId)
  const parts = await Promise.all(
    files.map(async ({ path, name }) => `${rule}\n${name}\n${rule}\n${await lastLines(path)}\n`),
  )
  return { text: parts.join('\n\n'), count: files.length }
}

async function lastLines(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const start = Math.max(0, size - tailBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start)
    return buffer.subarray(0, bytesRead).toString('utf8').trimEnd().split('\n').slice(-tailLines).join('\n')
  } finally {
    await file.close()
  }
}
