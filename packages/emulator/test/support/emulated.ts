import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { startEmulator } from '../../src/emulator.ts'

/** A whole account on a port of its own, and what an SDK client is made with; gone when the test ends. */
export async function emulated({ account, dir: given }: { account?: string; dir?: string } = {}) {
  const dir = given ?? (await realpath(await mkdtemp(join(tmpdir(), 'lucree-emulated-'))))
  if (given === undefined) onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const emulator = await startEmulator({
    dir,
    runtime: 'process',
    ...(account === undefined ? {} : { account }),
  })
  let open = true
  const close = async () => {
    if (open) await emulator.close()
    open = false
  }
  onTestFinished(close)
  const { url: endpoint, region, credentials, accountId } = emulator
  const inventory = () => emulator.inventory()
  return { dir, close, accountId, inventory, client: { endpoint, region, credentials, maxAttempts: 1 } }
}
