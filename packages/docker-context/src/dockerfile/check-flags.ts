import type { Flag } from './instruction.ts'
import { suggestion } from './suggestion.ts'

type Kind = 'boolean' | 'text' | 'texts'

const FLAGS: Record<string, Record<string, Kind>> = {
  ADD: { chown: 'text', chmod: 'text', link: 'boolean', 'keep-git-dir': 'boolean', checksum: 'text' },
  COPY: { chown: 'text', from: 'text', chmod: 'text', link: 'boolean' },
  FROM: { platform: 'text' },
  HEALTHCHECK: {
    interval: 'text',
    timeout: 'text',
    'start-period': 'text',
    'start-interval': 'text',
    retries: 'text',
  },
  RUN: { mount: 'texts', network: 'text' },
}

/** Of frontends that are newer than that of Docker 26.1.5, or are built with more. */
const NEWER: Record<string, Record<string, Kind>> = {
  ADD: { exclude: 'texts', unpack: 'boolean' },
  COPY: { exclude: 'texts', parents: 'boolean' },
  RUN: { device: 'texts', security: 'text' },
}

/** These look at no flag at all. */
const UNCHECKED = new Set(['ARG', 'STOPSIGNAL'])

/** What BuildKit says against an instruction's flags; undefined when nothing. */
export function checkFlags(keyword: string, flags: readonly Flag[], newer: boolean): string | undefined {
  if (UNCHECKED.has(keyword)) return undefined
  const known = new Map(Object.entries({ ...FLAGS[keyword], ...(newer ? NEWER[keyword] : {}) }))
  const seen = new Set<string>()
  for (const { name, value, bare } of flags) {
    const kind = known.get(name)
    if (!kind) return `unknown flag: ${name}${suggestion(name, [...known.keys()], true)}`
    if (seen.has(name) && kind !== 'texts') return `duplicate flag specified: ${name}`
    seen.add(name)
    if (kind !== 'boolean') {
      if (bare) return `missing a value on flag: ${name}`
    } else if (value === '') return `missing a value on flag: ${name}`
    else if (!/^(true|false)$/i.test(value)) {
      return `expecting boolean value for flag ${name}, not: ${value}`
    }
  }
  return undefined
}
