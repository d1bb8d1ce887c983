import * as Flags from '@oclif/core/flags'
import { type DoctorReport, examine, failureOf } from '../account/doctor.ts'
import type { CheckState } from '../account/checks/check.ts'
import {
  leastPolicy,
  lengthOf,
  MOST_CHARACTERS,
  type PolicyDocument,
  RIGHTS,
} from '../account/policy/policy.ts'
import type { Right } from '../account/policy/right.ts'
import { addressed } from '../cli/addressed-hints.ts'
import { CloudCommand } from '../cli/cloud-command.ts'
import { policyPlace } from '../cli/policy-place.ts'
import type { Style } from '../report/style.ts'
import { table } from '../report/table.ts'

interface PolicyResult {
  policy: PolicyDocument
  /** Characters as IAM counts them, and how many a managed policy may have. */
  characters: number
  most: number
  /** Why each right is in it. */
  rights: readonly Right[]
}

const STATES: Record<CheckState, string> = {
  ok: 'ok',
  warning: 'warning',
  failed: 'FAILED',
  unknown: 'unknown',
}

export default class Doctor extends CloudCommand<DoctorReport | PolicyResult> {
  static override summary = 'Check everything that a deploy needs, and say how to mend what is missing'
  static override description =
    "Looks at credentials, rights, quotas, network, roles, platform, source and environment, and changes nothing. Each line says what was found, why it matters and which command mends it. Ends with 0 when nothing failed, whatever it warns of; else with 3 when credentials or a right are missing, 5 when the region doesn't answer, 4 otherwise. With --policy it prints the least IAM policy that lucree works with instead, for an administrator to attach."

  static override examples = [
    '<%= config.bin %> doctor',
    {
      description: 'The least IAM policy, as a file',
      command: '<%= config.bin %> doctor --policy > lucree-policy.json',
    },
  ]

  static override flags = {
    policy: Flags.boolean({ description: 'Print the least IAM policy that lucree needs' }),
  }

  override async run(): Promise<DoctorReport | PolicyResult> {
    const { flags } = await this.parse(Doctor)
    if (flags.policy) return this.#policy()
    const session = await this.session()
    const { target, cloud, clock, signal } = session
    const given = new Set(Object.keys(this.environment).filter((name) => this.environment[name]))
    const report = await examine({ target, cloud, clock, given, runtime: session.runtime }, signal)
    for (const check of report.checks) {
      check.mend = check.mend.map((command) => addressed(command, (words) => session.commandLine(words)))
    }
    const failure = failureOf(report)
    if (!failure) return report
    if (!this.screen.json) this.screen.result(this.present(report, this.screen.style))
    throw failure
  }

  async #policy(): Promise<PolicyResult> {
    const policy = leastPolicy(await policyPlace(() => this.session()))
    return { policy, characters: lengthOf(policy), most: MOST_CHARACTERS, rights: RIGHTS }
  }

  protected override present(result: DoctorReport | PolicyResult, style: Style): string[] {
    return 'policy' in result ? [JSON.stringify(result.policy, null, 2)] : reportLines(result, style)
  }
}

function reportLines({ checks, failed, warnings, unknown, beyond }: DoctorReport, style: Style): string[] {
  const rows = checks.map(({ name, state, found }) => [name, STATES[state], found])
  const [heading = '', ...lines] = table(['CHECK', 'STATE', 'FOUND'], rows, style)
  const paint = { ok: style.green, warning: style.yellow, failed: style.red, unknown: style.dim }
  const counts = [`${failed} failed`, `${warnings} warnings`, `${unknown} unknown`].join(', ')
  return [
    heading,
    ...checks.flatMap(({ state, why, mend }, index) => [
      (lines[index] ?? '').replace(` ${STATES[state]} `, ` ${paint[state](STATES[state])} `),
      ...(why === undefined || state === 'ok' ? [] : [style.dim(`    why: ${why}`)]),
      ...mend.map((command) => `    ${style.bold('mend:')} ${command}`),
    ]),
    '',
    ...(beyond.length > 0 ? [style.dim(`Can't be known beforehand: ${beyond.join('; ')}.`)] : []),
    failed === 0 ? `${style.green('Ready to deploy')}: ${counts}` : `${style.red('Not ready')}: ${counts}`,
  ]
}
