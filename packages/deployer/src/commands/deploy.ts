import { resolve } from 'node:path'
import * as Flags from '@oclif/core/flags'
import { changeFlags } from '../cli/change-flags.ts'
import { CloudCommand } from '../cli/cloud-command.ts'
import { verdict } from '../cli/deploy-verdict.ts'
import { requiredValues } from '../cli/required-values.ts'
import { contentFlags } from '../cli/content-flags.ts'
import { toolsOf } from '../cli/tools.ts'
import { POLICIES, type Policy } from '../beanstalk/options.ts'
import { deploy } from '../deploy/deploy.ts'
import type { DeployResult } from '../deploy/result.ts'
import { readRevision } from '../deploy/revision.ts'
import { deployLines } from '../cli/deploy-lines.ts'
import { planTeller } from '../cli/plan-lines.ts'
import type { Style } from '../report/style.ts'

export default class Deploy extends CloudCommand<DeployResult> {
  static override summary = 'Bundle the source, upload it and bring the environment to it'
  static override description =
    'Makes what is missing (roles, application, storage, environment) and follows the change until the environment is Ready, every instance runs this version and the application answers. The same tree deployed again sends nothing. What .dockerignore and .ebignore leave in is sent, whatever .gitignore says; .git never is, and .env files only where "include" in lucree.json names them. A first deploy that fails removes its environment, so that nothing is billed: its logs are read before, and the lines that show the cause are in the message and in --json; roles, bucket and version stay; --keep-failed leaves the environment there to look at. Ctrl-C has Beanstalk abort an update where that can be aborted, and says what is left; a new environment goes on being made. Ctrl-C again leaves at once.'

  static override examples = [
    { description: 'Deploy to AWS', command: '<%= config.bin %> deploy' },
    {
      description: 'Deploy to this machine, without an AWS account',
      command: '<%= config.bin %> deploy --local',
    },
    { description: 'See what would be done', command: '<%= config.bin %> deploy --dry-run --json' },
    {
      description: 'Set a required variable on the first deploy',
      command: '<%= config.bin %> deploy --generate LUCREE_PASSWD',
    },
    {
      description: 'Deploy a zip that lucree bundle wrote: the same bytes to each environment',
      command: '<%= config.bin %> deploy --bundle bundle.zip',
    },
  ]

  static override flags = {
    ...changeFlags,
    'keep-failed': Flags.boolean({
      description: 'Leave the environment of a first deploy that failed, which is billed',
    }),
    message: Flags.string({
      char: 'm',
      description: "Description of the version; the commit's subject without it",
    }),
    version: Flags.string({
      description: 'Deploy this version again instead of bundling',
      helpValue: '<label>',
      exclusive: ['message'],
    }),
    bundle: Flags.string({
      description:
        'Deploy this zip instead of the source: one that lucree bundle --output wrote, or another. It is checked like a source; "build" is not run',
      helpValue: '<file>',
      exclusive: ['version'],
    }),
    policy: Flags.option({
      description:
        'Deployment policy, kept by the environment. A new one gets without it: all-at-once as a single instance; behind a load balancer rolling, or with minInstances 1 rolling-with-additional-batch',
      options: Object.keys(POLICIES) as Policy[],
    })(),
    'revert-drift': Flags.boolean({
      description: 'Bring back to the last release what was changed outside lucree; it is kept otherwise',
    }),
    iam: Flags.boolean({
      description:
        'Make the roles and the instance profile that are missing; --no-iam uses what is there and names what it lacks',
      default: true,
      allowNo: true,
    }),
    'create-default-vpc': Flags.boolean({
      description: 'Make the default VPC when the region has none and lucree.json names no network',
    }),
    generate: Flags.string({
      description: 'Generate a value for this variable if the environment lacks it; may be repeated',
      helpValue: '<NAME>',
      multiple: true,
    }),
  }

  #local = false

  override async run(): Promise<DeployResult> {
    const { flags } = await this.parse(Deploy)
    const session = await this.session()
    const { target, progress, signal } = session
    this.#local = target.local
    const generate = flags.generate ?? []
    const bundleFile = flags.bundle === undefined ? undefined : resolve(flags.bundle)
    const result = await deploy(
      {
        target,
        // Which commit a zip was made of isn't known.
        revision: bundleFile === undefined ? await readRevision(target.source, signal) : undefined,
        ...(flags.message === undefined ? {} : { message: flags.message }),
        ...(flags.version === undefined ? {} : { version: flags.version }),
        ...(bundleFile === undefined ? {} : { bundleFile }),
        ...(flags.policy === undefined ? {} : { policy: flags.policy }),
        account: { makesRoles: flags.iam, makesDefaultVpc: flags['create-default-vpc'] },
        dryRun: flags['dry-run'],
        wait: flags.wait,
        revertsDrift: flags['revert-drift'],
        onPlan: planTeller(progress, target),
        remedies: { rollsBack: flags.rollback, keepsFailed: flags['keep-failed'] },
        actor: await this.actor('lucree deploy', flags['lock-wait'], contentFlags(flags)),
        alsoRequired: generate,
        valuesFor: (names) =>
          requiredValues(names, {
            generate,
            screen: this.screen,
            signal,
          }),
      },
      toolsOf(session),
    )
    return this.withUndo(verdict(result))
  }

  protected override present(result: DeployResult, style: Style) {
    return deployLines(result, style, { local: this.#local })
  }
}
