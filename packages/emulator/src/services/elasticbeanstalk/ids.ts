import { randomBytes, randomInt } from 'node:crypto'

const lowerAlphanumeric = 'abcdefghijklmnopqrstuvwxyz0123456789'

function pick(length: number): string {
  return Array.from({ length }, () => lowerAlphanumeric[randomInt(lowerAlphanumeric.length)]).join('')
}

const hex = (length: number) =>
  randomBytes(Math.ceil(length / 2))
    .toString('hex')
    .slice(0, length)

/** `e-` and ten characters. */
export const environmentId = () => `e-${pick(10)}`

/** `i-` and seventeen hexadecimal digits. */
export const instanceId = () => `i-${hex(17)}`

export const securityGroupId = () => `sg-${hex(17)}`

export const resourceSuffix = () => pick(12).toUpperCase()

/** As load balancers and target groups end their ARN. */
export const balancerSuffix = () => hex(16)

/** An address of the block that is reserved for documentation (RFC 5737): it belongs to nobody. */
export const elasticAddress = () => `203.0.113.${randomInt(1, 255)}`

/** Twelve hexadecimal digits, as `docker ps` shows a container. */
export const shortContainerId = () => hex(12)
