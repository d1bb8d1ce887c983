import { randomBytes, randomInt } from 'node:crypto'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** An identifier as IAM gives them: four letters that tell the kind, seventeen of base 32. */
export const uniqueId = (kind: 'AROA' | 'AIPA' | 'AIDA' | 'ANPA'): string => kind + letters(17)

/** A key id that looks like AWS's and like nobody's: real ones never spell LOCAL. */
export const accessKeyId = (): string => `AKIALUCREELOCAL${letters(5)}`

/** Forty characters. */
export const secretAccessKey = (): string => randomBytes(30).toString('base64url')

function letters(count: number): string {
  return Array.from({ length: count }, () => LETTERS[randomInt(LETTERS.length)]).join('')
}
