/** Everything that a long-running command says while it works. `report/` draws it; nothing else does. */
export type ProgressEvent =
  /** A stage of DESIGN.md §3 began. At most one runs at a time. */
  | { kind: 'stage-started'; stage: string; title: string }
  /** The running stage ended well; `detail` is what it gave, in a few words. */
  | { kind: 'stage-done'; stage: string; detail: string; durationMs: number }
  /** Beanstalk's own event, oldest first. */
  | { kind: 'environment-event'; at: Date; severity: string; message: string }
  /** What is being waited for, in milliseconds how long so far and how long at most; shown after 30 s of silence on a plain stream. */
  | { kind: 'waiting'; reason: string; sinceMs: number; deadlineMs: number }
  /** The environment's instances as they are now, each with its health; shown while a change is followed. */
  | { kind: 'instances'; instances: InstanceSeen[] }
  /** What is about to be done, before anything is: lines for people, the same as a document for programs. */
  | { kind: 'plan'; lines: PlanLine[]; document: Record<string, unknown> }
  | { kind: 'note'; message: string }
  | { kind: 'warning'; message: string }
  /** A line of somebody's output (the build's, a log's). */
  | { kind: 'output'; source: string; line: string }

export interface InstanceSeen {
  id: string
  /** Ok, Info, Warning, Degraded, Severe, Pending, Unknown, NoData or Suspended. */
  health: string
  /** Label of the version that it runs or is getting. */
  version: string | null
  /** How that version's deployment stands there: pending, deployed or failed. */
  deployment: string | null
}

/** One line of a plan; `detail` is said more quietly behind it. */
export interface PlanLine {
  text: string
  detail?: string
}

/** The whole contract between the engine and the screen. */
export interface Progress {
  emit(event: ProgressEvent): void
}

export const silentProgress: Progress = { emit: () => undefined }
