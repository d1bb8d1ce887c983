import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { armFault, type ArmedFault } from '../../../cli/local/fault-control.ts'
import { armedWords } from '../../../cli/local/fault-lines.ts'
import { LocalCommand } from '../../../cli/local/local-command.ts'
import { ensureServer } from '../../../cli/local/start.ts'
import { UsageError } from '../../../errors.ts'

const times = Flags.custom<number | 'forever'>({
  helpValue: '<number>|forever',
  parse: async (text) => {
    if (text === 'forever') return text
    if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
    throw new UsageError(`--times can't be "${text}"`, {
      code: 'LUC-USAGE-TIMES',
      why: 'it is a number from 1, or forever',
      hints: ['--times 3', '--times forever'],
    })
  },
})

const probability = Flags.custom<number>({
  helpValue: '<0 to 1>',
  parse: async (text) => {
    const value = Number(text)
    if (/^[\d.]+$/.test(text) && value > 0 && value <= 1) return value
    throw new UsageError(`--probability can't be "${text}"`, {
      code: 'LUC-USAGE-PROBABILITY',
      why: 'it is a number above 0 and up to 1',
      hints: ['--probability 0.2'],
    })
  },
})

export default class LocalFaultArm extends LocalCommand<ArmedFault> {
  static override summary = 'Make the embedded Beanstalk get something wrong'
  static override description =
    'Several can be armed, the same one too. Restarting the embedded Beanstalk disarms what was not armed with --keep.'

  static override examples = [
    {
      description: 'Refuse the next five calls',
      command: '<%= config.bin %> local fault arm throttle --times 5',
    },
    {
      description: 'Carry out the next CreateEnvironment and lose the answer',
      command: '<%= config.bin %> local fault arm lost-answer --action CreateEnvironment',
    },
    {
      description: 'Answer one in five calls half a second late',
      command: '<%= config.bin %> local fault arm latency:500 --probability 0.2',
    },
  ]

  static override args = {
    name: Args.string({
      description: 'Name of the fault, and its argument behind a colon',
      required: true,
      ignoreStdin: true,
    }),
  }

  static override flags = {
    times: times({ description: 'How often it happens; once, or forever where it is a condition' }),
    after: Flags.integer({
      description: 'Let so many that are meant go well before',
      min: 0,
      max: 1_000_000,
      helpValue: '<number>',
    }),
    probability: probability({ description: 'How likely each that is meant goes wrong' }),
    environment: Flags.string({
      char: 'e',
      description: 'Only what concerns this environment, by name or id',
      helpValue: '<name>',
    }),
    action: Flags.string({
      description: 'Only calls of this action, such as UpdateEnvironment or PutObject',
      helpValue: '<name>',
    }),
    keep: Flags.boolean({ description: 'Have it again after a restart of the embedded Beanstalk' }),
  }

  override async run(): Promise<ArmedFault> {
    const { args, flags } = await this.parse(LocalFaultArm)
    const { server } = await ensureServer({ dir: this.directory, environment: this.environment }, this.around)
    const { times: count, after, probability: odds, environment, action, keep } = flags
    const arming = { fault: args.name, times: count, after, probability: odds, environment, action, keep }
    return armFault(server, arming, this.around)
  }

  protected override present(armed: ArmedFault) {
    return [`Armed ${armed.fault}: ${armedWords(armed)}`, 'Disarm it: lucree local fault clear']
  }
}
