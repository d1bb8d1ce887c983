import { randomBytes } from 'node:crypto'
import { Sensitive } from '../config/sensitive.ts'

/** 256 bits, in the 43 characters of base64url: nothing that a shell, a header or Beanstalk would change. */
export function generateSecret(): Sensitive {
  return new Sensitive(randomBytes(32).toString('base64url'))
}
