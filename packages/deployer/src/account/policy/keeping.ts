import type { Right } from './right.ts'

/** lucree's own calls that keep what a rollback needs, and remove what nobody needs any more. */
export const KEEPING: Right[] = [
  {
    by: 'lucree',
    actions: ['elasticbeanstalk:CreateConfigurationTemplate'],
    on: 'application',
    purposes: ['deploy', 'env'],
    why: "to keep a release's options, so that a rollback can bring them back",
  },
  {
    by: 'lucree',
    actions: [
      'elasticbeanstalk:DeleteApplicationVersion',
      'elasticbeanstalk:DeleteConfigurationTemplate',
      'elasticbeanstalk:TerminateEnvironment',
    ],
    on: 'application',
    purposes: ['deploy', 'env', 'destroy'],
    why: 'to remove what no rollback needs, and the environment of a first deploy that failed, which would be billed',
  },
]
