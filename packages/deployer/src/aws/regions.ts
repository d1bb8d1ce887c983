import { nearest } from '../document/nearest.ts'

/** Regions that every account may use at once. */
const ENABLED = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'sa-east-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
]
/** Regions that an administrator enables for an account first. */
const ON_REQUEST = [
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
]
/** Worlds of their own, with accounts of their own. */
const APART = ['cn-north-1', 'cn-northwest-1', 'us-gov-east-1', 'us-gov-west-1']

/** Whether AWS had a region of this name when lucree was made. */
export function isKnownRegion(name: string): boolean {
  return [...ENABLED, ...ON_REQUEST, ...APART].includes(name)
}

/** Whether an account has to ask for the region before it can be used. */
export function isOnRequest(name: string): boolean {
  return ON_REQUEST.includes(name)
}

/** The region that a mistyped name most likely stands for. */
export function nearestRegion(name: string): string | undefined {
  return nearest(name, [...ENABLED, ...ON_REQUEST, ...APART])
}
