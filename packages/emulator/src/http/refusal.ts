/** Why a request is refused before any action sees it. Each protocol has its own words for these. */
export type RefusalReason =
  | { kind: 'unsigned' }
  /** Signature version 2, which no bucket made since 2020 takes. */
  | { kind: 'outdated' }
  | { kind: 'malformed'; detail: string }
  | { kind: 'unknown-key'; accessKeyId: string }
  | { kind: 'wrong-region'; asked: string; expected: string }
  | { kind: 'skewed'; signedAt: Date; now: Date }
  | { kind: 'expired'; expiredAt: Date; now: Date }
  | { kind: 'mismatch'; accessKeyId: string; signature: string }
  | { kind: 'headers-unsigned'; names: string[] }
  | { kind: 'session-token' }
  /** Too many requests came; services have different codes for it. */
  | { kind: 'throttled'; service: string }
  /** The service itself fails. */
  | { kind: 'failing'; status: 500 | 503 }

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly reason: RefusalReason
  constructor(reason: RefusalReason) {
    super(`the request is refused: ${reason.kind}`)
    this.reason = reason
  }
}
