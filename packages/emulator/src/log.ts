/** Takes one line of the server's own log, without a newline and without a secret. */
export type Log = (line: string) => void

/** Nobody listens: the library's default. */
export const silent: Log = () => {}
