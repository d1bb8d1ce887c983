import { createHash, timingSafeEqual } from 'node:crypto'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

/**
 * The bytes that callers put on the wire for a token: UTF-8 as curl sends it, and Latin-1 as fetch() and Python's requests
 * do where the token fits in it.
 */
function wireForms(token: string): Buffer[] {
  const utf8 = Buffer.from(token, 'utf8')
  const latin1 = Buffer.from(token, 'latin1')
  return latin1.toString('latin1') === token && !latin1.equals(utf8) ? [utf8, latin1] : [utf8]
}

/** The tokens that open the API. Keeps digests only, and those where nothing that prints an object reaches. */
export class AcceptedTokens {
  readonly #digests: readonly Buffer[]

  constructor(tokens: readonly string[]) {
    this.#digests = tokens.flatMap(wireForms).map(sha256)
  }

  /** Whether the bytes are one of the tokens. Takes equally long wherever they differ, and whichever of the tokens they are. */
  accept(presented: Uint8Array): boolean {
    const digest = sha256(presented)
    let matches = 0
    for (const accepted of this.#digests) matches |= Number(timingSafeEqual(digest, accepted))
    return matches !== 0
  }
}
