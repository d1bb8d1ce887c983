import type { Origin } from '../beanstalk/author.ts'
import { Interrupted, LucreeError } from '../errors.ts'
import type { Actor } from '../deploy/with-lock.ts'
import { addressed, addressHints } from './addressed-hints.ts'
import { type Flags, LucreeCommand } from './base-command.ts'
import { type ContentFlags, contentFlags } from './content-flags.ts'
import { type CloudFlags, cloudFlags, outputFlags } from './flags.ts'
import { userFingerprintKey } from './fingerprints.ts'
import { originOf } from './origin.ts'
import { openSession, type Session } from './session.ts'

/** A command that talks to a cloud: it has the flags that all of them have, and opens a {@link Session}. */
export abstract class CloudCommand<Result = unknown> extends LucreeCommand<Result> {
  static override baseFlags = { ...outputFlags, ...cloudFlags }

  #session: Session | undefined

  /**
   * What the command works with, settled and connected: the project, the target and the cloud. `anyEnvironment`: the command is about the whole
   * application, so a file that lists several environments needs no choice. `allowsUnlisted`: it may be about one that the file doesn't list.
   */
  protected async session({ anyEnvironment = false, allowsUnlisted = false } = {}): Promise<Session> {
    const flags = (await this.parse(this.ctor)).flags as Flags as unknown as CloudFlags
    this.#session = await openSession({
      flags,
      anyEnvironment,
      allowsUnlisted,
      cwd: process.cwd(),
      environment: this.environment,
      clock: this.clock,
      progress: this.screen.reporter,
      signal: this.signal,
    })
    return this.#session
  }

  /** Where this command runs, as locks and releases tell it. */
  protected get origin(): Origin {
    return originOf(this.environment, this.config.version)
  }

  /** By whom the environment is changed, as `command`, waiting `waitMs` for its lock; `again` are arguments and flags that aren't secret, for a hint. */
  protected async actor(command: string, waitMs: number, again: string[] = []): Promise<Actor> {
    return {
      ...{ command, waitMs, origin: this.origin },
      again: [command, ...again].join(' '),
      fingerprintKey: await userFingerprintKey(),
    }
  }

  /** A command that undoes this one, going where this one went. */
  protected withUndo<T extends object>(result: T & { undo?: string | null | undefined }): T {
    const session = this.#session
    if (result.undo == null || !session) return result
    return { ...result, undo: addressed(result.undo, (command) => session.commandLine(command)) }
  }

  protected override lookAgain(): string | undefined {
    return this.#session?.commandLine('status')
  }

  protected override async explain(failure: LucreeError | undefined): Promise<LucreeError | undefined> {
    const session = this.#session
    if (!failure || !session) return failure
    const told = this.#changesNothingYet(failure) ? await this.#leftAlone(failure, session) : failure
    addressHints(told, (command) => session.commandLine(command))
    return told
  }

  /** Whoever has asked Beanstalk for a change says on Ctrl-C what becomes of it. */
  #changesNothingYet(failure: LucreeError): failure is Interrupted {
    const isSilent = failure.why === undefined && !(failure.cause instanceof LucreeError)
    return failure instanceof Interrupted && isSilent && 'wait' in (this.ctor.flags ?? {})
  }

  async #leftAlone(interrupted: Interrupted, session: Session): Promise<Interrupted> {
    const [{ leftAlone }, { toolsOf }] = await Promise.all([
      import('../deploy/left-alone.ts'),
      import('./tools.ts'),
    ])
    const flags: ContentFlags = (await this.parse(this.ctor)).flags as Flags
    const deploy = ['lucree deploy', ...contentFlags(flags)].join(' ')
    const again = this.id === 'deploy' ? [`${deploy}   # what was sent is not sent again`] : []
    const of = { target: session.target, hints: [...again, 'lucree status'] }
    return leftAlone(interrupted, of, toolsOf(session))
  }
}
