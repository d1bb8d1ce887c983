/** Where a lucree runs. */
export interface Origin {
  host: string
  pid: number
  /** Page of the CI run; undefined outside of one. */
  ciUrl: string | undefined
  /** lucree's own version. */
  lucree: string
}

/** Who does something, as whom, from where. */
export interface Author extends Origin {
  /** The caller's ARN. */
  arn: string
}

/** `arn:aws:iam::1:user/ana on laptop (process 4711)`. */
export function describeAuthor({ arn, host, pid }: Pick<Author, 'arn' | 'host' | 'pid'>): string {
  return `${arn} on ${host} (process ${pid})`
}
