/** What a builder refuses, in BuildKit's own words. */
export class DockerfileError extends Error {
  override readonly name = 'DockerfileError'
  /** Counted from 1; 0 when the fault belongs to no line. */
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}
