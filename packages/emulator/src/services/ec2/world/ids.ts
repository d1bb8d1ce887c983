import { randomBytes } from 'node:crypto'

type Kind = 'vpc' | 'subnet' | 'igw' | 'nat' | 'rtb' | 'rtbassoc' | 'sg' | 'sgr' | 'eipalloc'

/** A kind and seventeen hexadecimal digits, as EC2 names things. */
export const newId = (kind: Kind): string => `${kind}-${randomBytes(9).toString('hex').slice(0, 17)}`
