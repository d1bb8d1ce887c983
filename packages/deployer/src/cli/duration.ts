const unitMs = { s: 1_000, m: 60_000, h: 3_600_000 } as const
const part = /(\d+)([smh])/g

/** Milliseconds of a duration as people write it: `90s`, `10m`, `1h`, `1h30m`. Undefined when it isn't one, or when it is zero. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d{1,6}[smh])+$/.test(text)) return undefined
  let total = 0
  for (const [, count, unit] of text.matchAll(part))
    total += Number(count) * unitMs[unit as keyof typeof unitMs]
  return total > 0 ? total : undefined
}
