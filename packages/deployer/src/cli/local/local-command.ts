import { LucreeCommand } from '../base-command.ts'
import type { Around, LocalServer } from './server.ts'
import { localStateDir } from './state-dir.ts'

/** The embedded Beanstalk as the commands of `local` tell it; what a stopped one can't tell is left out. */
export interface LocalStatus {
  running: boolean
  /** State directory; absolute. */
  directory: string
  url?: string
  pid?: number
  startedAt?: string
  runtime?: string
  /** One line about the runtime: what it is, and what it does otherwise than AWS. */
  engine?: string
  version?: string
}

/** A command on the embedded Beanstalk itself. */
export abstract class LocalCommand<Result> extends LucreeCommand<Result> {
  protected readonly directory = localStateDir(this.environment)

  protected get around(): Around {
    return { clock: this.clock, signal: this.signal }
  }
}

/** What is told of a server. */
export function statusOf(directory: string, server: LocalServer | undefined): LocalStatus {
  if (!server) return { running: false, directory }
  const { url, pid, startedAt, runtime, engine, version } = server
  const told = engine === undefined ? {} : { engine }
  return { running: true, directory, url, pid, startedAt, runtime, ...told, version }
}
