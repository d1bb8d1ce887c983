/** What a change of an option does to the instances, from the mildest on; `Unknown` is replaced like RestartEnvironment. */
export type ChangeSeverity = 'NoInterruption' | 'RestartApplicationServer' | 'RestartEnvironment' | 'Unknown'

/** One option of the platform's configuration. Source: the developer guide's "General options for all environments". */
export interface Option {
  namespace: string
  name: string
  severity: ChangeSeverity
  kind: 'text' | 'list' | 'boolean' | 'integer' | 'choice'
  defaultValue?: string
  choices?: string[]
  min?: number
  max?: number
  maxLength?: number
  pattern?: { regex: RegExp; label: string }
}

type Details = Omit<Option, 'namespace' | 'name' | 'severity' | 'kind' | 'defaultValue'>
/** An option before it knows its namespace. */
export type Row = Omit<Option, 'namespace'>

const row =
  (kind: Option['kind']) =>
  (name: string, severity: ChangeSeverity, defaultValue?: string, details: Details = {}): Row => ({
    name,
    severity,
    kind,
    ...(defaultValue === undefined ? {} : { defaultValue }),
    ...details,
  })

export const text = row('text')
export const list = row('list')
export const flag = (name: string, severity: ChangeSeverity, defaultValue?: 'true' | 'false') =>
  row('boolean')(name, severity, defaultValue)
export const integer = (
  name: string,
  severity: ChangeSeverity,
  defaultValue: string | undefined,
  min: number,
  max: number,
) => row('integer')(name, severity, defaultValue, { min, max })
export const choice = (name: string, severity: ChangeSeverity, choices: string[], defaultValue?: string) =>
  row('choice')(name, severity, defaultValue, { choices })

export const inNamespace = (namespace: string, rows: Row[]): Option[] =>
  rows.map((option) => ({ namespace, ...option }))
