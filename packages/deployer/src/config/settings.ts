import { UsageError } from '../errors.ts'

/** Flags that a `LUCREE_<FLAG>` variable can stand for: `instance-type` ↔ `LUCREE_INSTANCE_TYPE`. */
export type Variables = Record<string, string | undefined>

/** A text setting: the flag, else its variable, else what the file says. An empty variable counts as none. */
export function textSetting(
  flag: string,
  sources: { flag: string | undefined; variables: Variables; file?: string | undefined },
): string | undefined {
  return sources.flag ?? (sources.variables[variableOf(flag)] || undefined) ?? sources.file
}

/** A yes-or-no setting; a variable says `1`, `true`, `yes` or `0`, `false`, `no`. */
export function switchSetting(
  flag: string,
  sources: { flag: boolean | undefined; variables: Variables },
): boolean {
  if (sources.flag !== undefined) return sources.flag
  const variable = variableOf(flag)
  const said = sources.variables[variable]?.toLowerCase() ?? ''
  if (['1', 'true', 'yes'].includes(said)) return true
  if (['', '0', 'false', 'no'].includes(said)) return false
  throw new UsageError(`${variable} is neither yes nor no`, {
    code: 'LUC-USAGE-VARIABLE',
    hints: [`Set it to 1 or 0, or use --${flag} or --no-${flag}.`],
  })
}

/** The name of the variable that stands for a flag. */
export function variableOf(flag: string): string {
  return `LUCREE_${flag.toUpperCase().replaceAll('-', '_')}`
}
