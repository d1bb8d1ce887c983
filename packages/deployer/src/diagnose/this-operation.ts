/** An instance's clock and the service's may differ by this much, ms. */
const SKEW_MS = 1_000

/** eb-engine.log and nginx write UTC without saying so (facts sheet §1.8). */
const PLATFORM_STAMP = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,3})?)/
const ISO_STAMP = /^\[?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))/
const JSON_STAMP = /^\{.{0,200}?"(?:time|timestamp|ts|@timestamp)":\s*(?:"([^"]{10,40}Z)"|(\d{13})\b)/
/** The kernel's and systemd's: neither a year nor a zone, which is UTC on an instance. */
const SYSLOG_STAMP = /^((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d) (\d\d:\d\d:\d\d) /

/**
 * The lines that were written since the operation began. A line without a time is as old as the one before it; what stands before the first
 * time is as old as that one. Of a log without any time nothing is kept: it may tell of any operation.
 */
export function ofThisOperation(lines: string[], since: Date | undefined): string[] {
  if (!since) return lines
  const from = since.getTime() - SKEW_MS
  const times = lines.map((line) => timeOf(line, since))
  let old = (times.find((time) => time !== undefined) ?? -Infinity) < from
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
export function timeOf(line: string, near: Date): number | undefined {
  const platform = PLATFORM_STAMP.exec(line)
  if (platform) return parsed(`${platform[1]}-${platform[2]}-${platform[3]}T${platform[4]}Z`)
  const iso = ISO_STAMP.exec(line)
  if (iso) return parsed(iso[1])
  const syslog = SYSLOG_STAMP.exec(line)
  if (syslog) return nearest(`${syslog[1]} %Y ${syslog[2]} UTC`, near)
  const json = JSON_STAMP.exec(line)
  return json ? (json[2] ? Number(json[2]) : parsed(json[1])) : undefined
}

/** A time without its year, in the one that brings it nearest. */
function nearest(text: string, near: Date): number | undefined {
  const year = near.getUTCFullYear()
  const times = [year - 1, year, year + 1].flatMap((one) => parsed(text.replace('%Y', String(one))) ?? [])
  return times.sort((a, b) => Math.abs(a - near.getTime()) - Math.abs(b - near.getTime()))[0]
}

function parsed(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) ? undefined : time
}
