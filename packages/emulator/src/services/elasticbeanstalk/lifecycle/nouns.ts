import type { Operation } from '../state/model.ts'

/** What health's causes call an operation; undefined for one that leaves the instances alone. */
export function nounOf(operation: Operation | undefined): string | undefined {
  switch (operation?.kind) {
    case 'create':
    case 'rebuild':
      return 'Initialization'
    case 'update':
      return operation.versionLabel === undefined ? 'Configuration update' : 'Application update'
    case 'restart':
      return 'Application restart'
    case 'tags':
    case 'swap':
    case 'terminate':
    case undefined:
      return undefined
  }
}
