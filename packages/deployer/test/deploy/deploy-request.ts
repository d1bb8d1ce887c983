import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeployTarget } from '../../src/config/target.ts'
import type { DeployRequest } from '../../src/deploy/deploy.ts'
import { deployTarget } from '../deploy-target.ts'
import type { EmulatedAccount } from './emulated-account.ts'

const DOCKERFILE = 'FROM node:24\nCOPY server.js ./\nEXPOSE 8080\nCMD ["node", "server.js"]\n'

interface Asked extends Partial<Omit<DeployRequest, 'target'>> {
  /** What the application answers. */
  text?: string
  target?: Partial<DeployTarget>
}

/** A deploy of a small application to that account; its source is written. */
export async function deployRequest(
  { dir }: EmulatedAccount,
  { text = 'hello', target, ...more }: Asked = {},
): Promise<DeployRequest> {
  const source = join(dir, 'source')
  await mkdir(source, { recursive: true })
  await writeFile(join(source, 'Dockerfile'), DOCKERFILE)
  const answer = `(_, response) => response.end(${JSON.stringify(text)})`
  await writeFile(join(source, 'server.js'), `require('node:http').createServer(${answer}).listen(8080)\n`)
  return {
    target: deployTarget({ projectDir: source, source, ...target }),
    revision: undefined,
    account: { makesRoles: true, makesDefaultVpc: false },
    ...{ dryRun: false, wait: true, alsoRequired: [] },
    valuesFor: () => Promise.resolve(new Map()),
    remedies: { rollsBack: true, keepsFailed: false },
    actor: {
      ...{ command: 'lucree deploy', waitMs: 0, fingerprintKey: '0'.repeat(64) },
      origin: { host: 'laptop', pid: 1, ciUrl: undefined, lucree: '0.1.0' },
    },
    ...more,
  }
}
