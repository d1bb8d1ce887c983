import { createHash } from 'node:crypto'
import { Crc32, Crc32c, Crc64NvmeJs } from '@aws-sdk/checksums/crc'
import { Xxh3_128, Xxh3_64, Xxh64 } from '@aws-sdk/checksums/xxh'

/** A running checksum of a body. */
export interface RunningChecksum {
  update(bytes: Uint8Array): void
  /** Taken once, at the end. */
  digest(): Promise<Uint8Array>
}

const node = (algorithm: string) => (): RunningChecksum => {
  const hash = createHash(algorithm)
  return { update: (bytes) => void hash.update(bytes), digest: () => Promise.resolve(hash.digest()) }
}

/** S3's algorithms by the name in `x-amz-checksum-algorithm`; the header is `x-amz-checksum-` and the name in lower case. */
const ALGORITHMS = {
  CRC32: () => new Crc32(),
  CRC32C: () => new Crc32c(),
  CRC64NVME: () => new Crc64NvmeJs(),
  SHA1: node('sha1'),
  SHA256: node('sha256'),
  SHA512: node('sha512'),
  MD5: node('md5'),
  XXHASH64: () => new Xxh64(),
  XXHASH3: () => new Xxh3_64(),
  XXHASH128: () => new Xxh3_128(),
} satisfies Record<string, () => RunningChecksum>

export type ChecksumAlgorithm = keyof typeof ALGORITHMS

/** By algorithm, in base64. */
export type Checksums = Partial<Record<ChecksumAlgorithm, string>>

/** Whole object, or of the parts' checksums with the number of parts behind it. */
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE'

export const isChecksumAlgorithm = (name: string): name is ChecksumAlgorithm =>
  Object.hasOwn(ALGORITHMS, name)

export const startChecksum = (algorithm: ChecksumAlgorithm): RunningChecksum => ALGORITHMS[algorithm]()

/** The algorithm of a header or trailer name, `undefined` when it isn't a checksum's. */
export function algorithmOfHeader(header: string): ChecksumAlgorithm | undefined {
  const name = /^x-amz-checksum-(.+)$/i.exec(header)?.[1]?.toUpperCase()
  return name !== undefined && isChecksumAlgorithm(name) ? name : undefined
}

/** The name of the member that carries an algorithm's checksum in S3's shapes: `ChecksumCRC32`. */
export const checksumMember = (algorithm: ChecksumAlgorithm): string => `Checksum${algorithm}`

/** The members `ChecksumCRC32`, … of an answer. */
export function checksumMembers(checksums: Checksums, type?: ChecksumType): Record<string, string> {
  const members = Object.entries(checksums).map(([name, value]) => [`Checksum${name}`, value] as const)
  return members.length ? { ...Object.fromEntries(members), ...(type ? { ChecksumType: type } : {}) } : {}
}

/** The checksums that an input carries in its members `ChecksumCRC32`, …; members that aren't strings are other things. */
export function checksumsOf(input: object): Checksums {
  const found: Checksums = {}
  for (const [name, value] of Object.entries(input)) {
    const algorithm = name.startsWith('Checksum') ? name.slice('Checksum'.length) : ''
    if (isChecksumAlgorithm(algorithm) && typeof value === 'string') found[algorithm] = value
  }
  return found
}

/** A multipart object's COMPOSITE checksum: of the parts' digests, one after the other, then `-` and their number. */
export async function compositeChecksum(algorithm: ChecksumAlgorithm, parts: string[]): Promise<string> {
  const running = startChecksum(algorithm)
  for (const part of parts) running.update(Buffer.from(part, 'base64'))
  return `${Buffer.from(await running.digest()).toString('base64')}-${parts.length}`
}
