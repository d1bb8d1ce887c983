import type { Interfaces } from '@oclif/core'

/** oclif's debug output holds whole command lines, and so whatever stands in them: lucree has none of it. */
export const silentLogger: Interfaces.Logger = {
  namespace: 'lucree',
  child: () => silentLogger,
  debug: () => undefined,
  error: () => undefined,
  info: () => undefined,
  trace: () => undefined,
  warn: () => undefined,
}
