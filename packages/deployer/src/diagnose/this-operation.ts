/** An instance's clock and the service's may differ by this much, ms. */
const SKEW_MS = 1_000

/** eb-engine.log and nginx write UTC without saying so (facts sheet §1.8). */
const PLATFORM_STAMP = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,3})?)/
const ISO_STAMP = /^\[?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))/
const JSON_STAMP = /^\{.{0,200}?"(?:time|timestamp|ts|@timestamp)":\s*(?:"([^"]{10,40}Z)"|(\d{13})\b)/

/**
 * The lines that were written since the operation began. A line without a time is as old as the one before it; what stands before the first
 * time is as old as that one. A log without any time is kept whole: nothing says that it is old.
 */
export function ofThisOperation(lines: string[], since: Date | undefined): string[] {
  if (!since) return lines
  const from = since.getTime() - SKEW_MS
  const times = lines.map(timeOf)
  let old = (times.find((time) => time !== undefined) ?? from) < from
  return lines.filter((_, at) => {
    const time = times[at]
    if (time !== undefined) old = time < from
    return !old
  })
}

/** Whether something that is dated belongs to the operation; what has no date does. */
export function isOfThisOperation(at: Date | undefined, since: Date | undefined): boolean {
  return !at || !since || at.getTime() >= since.getTime() - SKEW_MS
}

/** Milliseconds since the epoch; undefined when the line doesn't begin with a time. */
function timeOf(line: string): number | undefined {
  const platform = PLATFORM_STAMP.exec(line)
  if (platform) return parsed(`${platform[1]}-${platform[2]}-${platform[3]}T${platform[4]}Z`)
  const iso = ISO_STAMP.exec(line)
  if (iso) return parsed(iso[1])
  const json = JSON_STAMP.exec(line)
  return json ? (json[2] ? Number(json[2]) : parsed(json[1])) : undefined
}

function parsed(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) ? undefined : time
}
