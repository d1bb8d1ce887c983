/** A word that can't be processed; the message is BuildKit's. */
export class LexError extends Error {}
