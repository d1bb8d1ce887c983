import { CommandHelp, Help } from '@oclif/core/help'
import { exitCodeRows } from './exit-codes.ts'
import { unknownCommand } from './unknown-command.ts'

const HEADER = 'EXIT CODES'

class LucreeCommandHelp extends CommandHelp {
  /** The arguments by name; the flags stand right below and need no second list. */
  protected override defaultUsage(): string {
    const args = Object.values(this.command.args).map((arg) => this.arg(arg))
    return [this.command.id, ...args, '[FLAGS]'].join(' ')
  }

  protected override sections(): ReturnType<CommandHelp['sections']> {
    return [
      ...super.sections(),
      { header: HEADER, generate: (_parts, header) => [{ header, body: exitCodeRows() }] },
    ]
  }
}

/** oclif's help with the exit codes below each command's and the program's own. */
export default class LucreeHelp extends Help {
  protected override CommandHelpClass = LucreeCommandHelp

  /** Help about words that name no command is the same usage error as running them. */
  override async showHelp(argv: string[]): Promise<void> {
    try {
      await super.showHelp(argv)
    } catch (error) {
      const id = /^Command (.+) not found\.$/s.exec((error as Error).message)?.[1]
      throw id === undefined ? error : unknownCommand(id, this.config, { asksHelp: true })
    }
  }

  protected override async showRootHelp(): Promise<void> {
    await super.showRootHelp()
    this.log(this.section(HEADER, exitCodeRows()))
  }
}
