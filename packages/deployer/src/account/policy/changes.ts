import type { Right } from './right.ts'

/** lucree's own calls that change an environment that is there, without ending it. */
export const CHANGES: Right = {
  by: 'lucree',
  actions: [
    'elasticbeanstalk:AbortEnvironmentUpdate',
    'elasticbeanstalk:RebuildEnvironment',
    'elasticbeanstalk:RestartAppServer',
    'elasticbeanstalk:UpdateEnvironment',
  ],
  on: 'application',
  purposes: ['deploy', 'env'],
  why: 'to change what an environment runs and how, and to lead one back that is stuck',
}
