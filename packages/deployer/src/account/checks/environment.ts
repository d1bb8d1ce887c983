import { EnvironmentStatus } from '../../beanstalk/environment-status.ts'
import { anotherEnvironment } from '../../config/target.ts'
import type { Check, CheckResult } from './check.ts'
import type { ExaminedContext } from './examined.ts'

const name = 'environment'

/** Whether the environment's name is free or this application's, and whether it takes changes. */
export const environmentCheck: Check<ExaminedContext> = {
  name,
  run: async ({ cloud, target }, signal) => {
    const found = await cloud.beanstalk.findEnvironment(target.environment, signal)
    if (!found) {
      return [
        {
          ...{ name, state: 'ok', found: `the name ${target.environment} is free` },
          why: 'its address is chosen by Beanstalk, so nobody can have taken it',
          mend: [],
        },
      ]
    }
    if (found.application !== target.application) {
      return [
        {
          ...{ name, state: 'failed', code: 'LUC-ENVIRONMENT-TAKEN' },
          found: `the name ${target.environment} is taken by the application ${found.application}`,
          why: 'names of environments are unique in a region',
          mend: [anotherEnvironment(target)],
        },
      ]
    }
    if (found.tier === 'Cluster') {
      return [
        {
          ...{ name, state: 'failed', code: 'LUC-ENVIRONMENT-CLUSTER' },
          found: `${target.environment} is an Elastic Beanstalk Cluster environment`,
          why: 'lucree does not deploy to that tier',
          mend: [anotherEnvironment(target)],
        },
      ]
    }
    return [stateOf(EnvironmentStatus.of(found), found)]
  },
}

function stateOf(
  status: EnvironmentStatus,
  {
    status: word,
    health,
    healthStatus,
    versionLabel,
  }: { status: string; health: string; healthStatus: string | undefined; versionLabel: string | undefined },
): CheckResult {
  const found = `${word}, ${healthStatus ?? health}, runs ${versionLabel ?? 'nothing'}`
  if (!status.isReady) {
    return {
      ...{ name, state: 'warning', found, code: 'LUC-ENVIRONMENT-BUSY' },
      why: 'Beanstalk takes one change at a time; a deploy waits for it',
      mend: ['lucree events -f'],
    }
  }
  if (health !== 'Red') return { name, state: 'ok', found, mend: [] }
  return {
    ...{ name, state: 'warning', found, code: 'LUC-ENVIRONMENT-UNWELL' },
    why: 'it is unwell already, before anything is deployed',
    mend: ['lucree health', 'lucree logs'],
  }
}
