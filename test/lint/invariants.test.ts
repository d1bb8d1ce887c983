import { resolve } from 'node:path'
import { ESLint } from 'eslint'
import { describe, expect, test } from 'vitest'

const eslint = new ESLint({
  cwd: resolve(import.meta.dirname, '../..'),
  // The invariants need no types, and a made-up file is in no TypeScript project.
  overrideConfig: { languageOptions: { parserOptions: { projectService: false, project: null } } },
  ruleFilter: ({ ruleId }) => /^(lucree\/|no-restricted-|max-lines$|no-warning-comments$)/.test(ruleId),
})

/** The rules that bite when `code` stands in the file at `path` (from the repository's root). */
async function bites(path: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: path })
  const messages = result?.messages ?? []
  expect(messages.filter((message) => message.fatal)).toEqual([])
  return [...new Set(messages.map((message) => message.ruleId ?? 'none'))]
}

interface Case {
  code: string
  refused: string[]
  allowed: string[]
  rule: string
}

const deployer = 'packages/deployer'

const invariants: Record<string, Case[]> = {
  '1: the AWS SDK is known to deployer/src/aws and the emulator alone': [
    {
      code: "import { S3Client } from '@aws-sdk/client-s3'\nexport const it = S3Client",
      refused: [
        `${deployer}/src/deploy/deploy.ts`,
        `${deployer}/src/commands/status.ts`,
        'packages/api/src/main.ts',
      ],
      allowed: [
        `${deployer}/src/aws/connect.ts`,
        'packages/emulator/src/protocol/schema.ts',
        'e2e/deploy.e2e.test.ts',
      ],
      rule: 'lucree/boundaries',
    },
    {
      code: "export const load = () => import('@smithy/core')",
      refused: [`${deployer}/src/beanstalk/events.ts`],
      allowed: [`${deployer}/src/aws/connect.ts`],
      rule: 'lucree/boundaries',
    },
    {
      code: "export type Client = import('@aws-sdk/client-s3').S3Client",
      refused: [`${deployer}/src/account/ports.ts`],
      allowed: [`${deployer}/src/aws/connect.ts`],
      rule: 'lucree/boundaries',
    },
  ],
  '2: oclif stays in commands/ and cli/': [
    {
      code: "export { Command } from '@oclif/core'",
      refused: [
        `${deployer}/src/deploy/deploy.ts`,
        `${deployer}/src/report/plain.ts`,
        'packages/emulator/src/main.ts',
      ],
      allowed: [
        `${deployer}/src/commands/env/set.ts`,
        `${deployer}/src/cli/base-command.ts`,
        `${deployer}/bin/lucree.js`,
      ],
      rule: 'lucree/boundaries',
    },
  ],
  '3: bundle/, diagnose/ and deploy/plan.ts do no network I/O and import no cloud type': [
    {
      code: "import { request } from 'node:https'\nexport const it = request",
      refused: [
        `${deployer}/src/bundle/zip/write.ts`,
        `${deployer}/src/diagnose/cause.ts`,
        `${deployer}/src/deploy/plan.ts`,
      ],
      allowed: [`${deployer}/src/deploy/probe.ts`],
      rule: 'lucree/boundaries',
    },
    {
      code: "export const it = () => fetch('http://127.0.0.1/')",
      refused: [
        `${deployer}/src/bundle/zip/write.ts`,
        `${deployer}/src/diagnose/cause.ts`,
        `${deployer}/src/deploy/plan.ts`,
      ],
      allowed: [`${deployer}/src/deploy/probe.ts`],
      rule: 'no-restricted-globals',
    },
    {
      code: "import { type Beanstalk } from '../beanstalk/ports.ts'\nexport type It = Beanstalk",
      refused: [
        `${deployer}/src/bundle/bundle.ts`,
        `${deployer}/src/diagnose/cause.ts`,
        `${deployer}/src/deploy/plan.ts`,
      ],
      allowed: [`${deployer}/src/deploy/observe.ts`],
      rule: 'lucree/boundaries',
    },
    {
      code: "import { readFile } from 'node:fs/promises'\nexport const it = readFile",
      refused: [`${deployer}/src/diagnose/cause.ts`, `${deployer}/src/deploy/plan.ts`],
      allowed: [`${deployer}/src/bundle/source.ts`],
      rule: 'lucree/boundaries',
    },
  ],
  '4: the terminal belongs to report/, the process and its environment to the edges': [
    {
      code: "console.log('hello')",
      refused: [
        `${deployer}/src/deploy/deploy.ts`,
        `${deployer}/src/commands/status.ts`,
        'packages/emulator/src/http/server.ts',
      ],
      allowed: [`${deployer}/src/report/plain.ts`],
      rule: 'no-restricted-globals',
    },
    {
      code: "process.stdout.write('hello')",
      refused: [
        `${deployer}/src/deploy/deploy.ts`,
        `${deployer}/src/cli/base-command.ts`,
        'packages/emulator/src/log.ts',
      ],
      allowed: [`${deployer}/src/report/plain.ts`, 'packages/emulator/src/main.ts'],
      rule: 'no-restricted-properties',
    },
    {
      code: 'process.exit(1)',
      refused: [
        `${deployer}/src/cli/base-command.ts`,
        `${deployer}/src/report/plain.ts`,
        'packages/api/src/config/read.ts',
      ],
      allowed: [`${deployer}/bin/lucree.js`, 'packages/emulator/src/main.ts', 'packages/api/src/main.ts'],
      rule: 'no-restricted-properties',
    },
    {
      code: 'export const { env } = process',
      refused: [
        `${deployer}/src/deploy/deploy.ts`,
        `${deployer}/src/clock.ts`,
        'packages/emulator/src/http/server.ts',
        'packages/api/src/auth/token.guard.ts',
      ],
      allowed: [
        `${deployer}/src/config/project-file.ts`,
        `${deployer}/src/cli/local/start.ts`,
        'packages/emulator/src/main.ts',
        'packages/api/src/config/read.ts',
        'packages/api/src/main.ts',
      ],
      rule: 'no-restricted-properties',
    },
    {
      code: "import { env } from 'node:process'\nexport const it = env",
      refused: [`${deployer}/src/deploy/deploy.ts`],
      allowed: ['scripts/start.mjs'],
      rule: 'lucree/boundaries',
    },
  ],
  '5: time is injected, so only clock.ts reads it or waits': [
    {
      code: 'export const now = () => Date.now()',
      refused: [
        `${deployer}/src/beanstalk/events.ts`,
        'packages/emulator/src/pace.ts',
        `${deployer}/src/report/live.ts`,
      ],
      allowed: [
        `${deployer}/src/clock.ts`,
        'packages/emulator/src/clock.ts',
        `${deployer}/test/bundle/zip.test.ts`,
      ],
      rule: 'no-restricted-properties',
    },
    {
      code: 'export const now = () => new Date()',
      refused: [`${deployer}/src/beanstalk/events.ts`, 'packages/emulator/src/main.ts'],
      allowed: [`${deployer}/src/clock.ts`, 'packages/emulator/src/clock.ts'],
      rule: 'no-restricted-syntax',
    },
    {
      code: 'export const later = (run) => setTimeout(run, 1)',
      refused: [
        `${deployer}/src/cli/interrupt.ts`,
        'packages/emulator/src/services/elasticbeanstalk/lifecycle.ts',
      ],
      allowed: [`${deployer}/src/clock.ts`, 'packages/emulator/src/clock.ts'],
      rule: 'no-restricted-globals',
    },
    {
      code: "export { setTimeout } from 'node:timers/promises'",
      refused: [`${deployer}/src/beanstalk/events.ts`, 'packages/emulator/src/pace.ts'],
      allowed: [`${deployer}/src/clock.ts`, 'packages/emulator/src/clock.ts'],
      rule: 'no-restricted-imports',
    },
  ],
  '6: a file or directory is named after what it holds': [
    {
      code: 'export const it = 1',
      refused: [
        `${deployer}/src/bundle/utils.ts`,
        'packages/emulator/src/helpers/read.ts',
        'packages/api/src/common.ts',
        'e2e/misc.ts',
        'scripts/types.mjs',
      ],
      allowed: [`${deployer}/src/bundle/walk.ts`, 'packages/emulator/src/http/content-types.ts'],
      rule: 'lucree/room-names',
    },
  ],
}

describe.each(Object.entries(invariants))('invariant %s', (_name, cases) => {
  const rows = cases.flatMap(({ code, refused, allowed, rule }) => [
    ...refused.map((path) => ({ path, code, rule, verdict: 'refused' as const })),
    ...allowed.map((path) => ({ path, code, rule, verdict: 'allowed' as const })),
  ])
  test.each(rows)('$code is $verdict in $path', async ({ path, code, rule, verdict }) => {
    expect(await bites(path, code)).toEqual(verdict === 'refused' ? [rule] : [])
  })
})

const lines = (count: number) => 'export {}\n'.repeat(count)

test.each([
  ['7: a file of src/ has at most 250 lines of code', 'max-lines', lines(251), lines(250)],
  [
    '8: nothing is left for later in a comment',
    'no-warning-comments',
    '// TODO: the rest\nexport {}',
    '// The rest.\nexport {}',
  ],
])('invariant %s', async (_name, rule, refused, allowed) => {
  expect(await bites(`${deployer}/src/deploy/deploy.ts`, refused)).toEqual([rule])
  expect(await bites(`${deployer}/src/deploy/deploy.ts`, allowed)).toEqual([])
})
