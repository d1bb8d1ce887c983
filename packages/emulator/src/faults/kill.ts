import { FaultError, type FaultKind, type KillPoint } from './fault.ts'

const POINTS: Record<string, KillPoint> = {
  'request-accepted': 'request accepted',
  'answer-ready': 'answer ready',
  'event-written': 'event written',
  'operation-beginning': 'operation beginning',
  'instance-launching': 'instance launching',
  'launch-tried': 'launch tried',
  'command-executing': 'command executing',
  'health-computed': 'health computed',
  'groups-deleting': 'groups deleting',
  'operation-ending': 'operation ending',
}

/** The end of the server itself, by `kill -9`. */
export const killFault: FaultKind = {
  name: 'kill',
  does: 'The server ends at that point as by kill -9, without a last write',
  argument: { shown: 'point', example: 'event-written' },
  lasting: false,
  make: (text) => {
    const kills = Object.hasOwn(POINTS, text) ? POINTS[text] : undefined
    if (kills) return { kills }
    throw new FaultError(
      'InvalidFault',
      `kill takes one of ${Object.keys(POINTS).join(', ')}, not "${text}".`,
    )
  },
}
