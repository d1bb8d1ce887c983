/** A line that can't be read; the message is BuildKit's. */
export class LineError extends Error {}
