import { fingerprintKey } from '../config/fingerprint-key.ts'

/** The key that this user's fingerprints are made with. */
export function userFingerprintKey(): Promise<string> {
  return fingerprintKey(process.env)
}
