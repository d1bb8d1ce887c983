import { invalidValue } from '../errors.ts'

export interface Filter {
  name: string | undefined
  Operator?: string | undefined
  Values?: string[] | undefined
}

type Test = (value: string, wanted: string) => boolean

const operators: Record<string, Test> = {
  '=': (value, wanted) => value === wanted,
  '!=': (value, wanted) => value !== wanted,
  '<': (value, wanted) => compareVersions(value, wanted) < 0,
  '<=': (value, wanted) => compareVersions(value, wanted) <= 0,
  '>': (value, wanted) => compareVersions(value, wanted) > 0,
  '>=': (value, wanted) => compareVersions(value, wanted) >= 0,
  contains: (value, wanted) => value.includes(wanted),
  begins_with: (value, wanted) => value.startsWith(wanted),
  ends_with: (value, wanted) => value.endsWith(wanted),
  in: (value, wanted) => value === wanted,
  not_in: (value, wanted) => value !== wanted,
}

/** Whether all filters hold of something whose attributes may have several values. Throws on an attribute or operator that doesn't exist. */
export function matchesFilters(attributes: Record<string, string[]>, filters: readonly Filter[]): boolean {
  return filters.every(({ name, Operator, Values }) => {
    const has = attributes[name ?? '']
    if (has === undefined)
      throw invalidValue(`Invalid filter: '${name}' is not one of [${Object.keys(attributes).join(', ')}].`)
    const test = operators[Operator ?? '=']
    if (test === undefined)
      throw invalidValue(
        `Invalid filter: operator '${Operator}' is not one of [${Object.keys(operators).join(', ')}].`,
      )
    const wanted = Values ?? []
    if (Operator === '!=' || Operator === 'not_in')
      return has.every((value) => wanted.every((one) => test(value, one)))
    return has.some((value) => wanted.some((one) => test(value, one)))
  })
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
