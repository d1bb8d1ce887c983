import { anotherEnvironment } from '../../config/target.ts'
import type { Check } from './check.ts'
import type { ExaminedContext } from './examined.ts'

/** The newest platform version, and the one that the environment has (facts sheet §1.2). */
export const platformCheck: Check<ExaminedContext> = {
  name: 'platform',
  run: async ({ cloud, target }, signal) => {
    const [latest, [environment]] = await Promise.all([
      cloud.beanstalk.latestDockerPlatform(signal),
      cloud.beanstalk.describeEnvironments(target, signal),
    ])
    const name = 'platform'
    const newest = `Docker on Amazon Linux 2023, ${latest.version}`
    const pinned = environment?.platformArn
    if (pinned === undefined || pinned === latest.arn) return [{ name, state: 'ok', found: newest, mend: [] }]
    const own = /:platform\/(.+)\/([\d.]+)$/.exec(pinned)
    if (own && !own[1]?.startsWith('Docker running on 64bit Amazon Linux 2023')) {
      return [
        {
          ...{ name, state: 'warning', code: 'LUC-ACCOUNT-PLATFORM' },
          found: `${target.environment} runs on ${own[1]}`,
          why: 'lucree deploys to Docker on Amazon Linux 2023 and proves its deploys there',
          mend: [anotherEnvironment(target)],
        },
      ]
    }
    return [
      {
        ...{ name, state: 'ok' },
        found: `${target.environment} has ${own?.[2] ?? pinned}; ${latest.version} is the newest`,
        why: 'a deploy leaves the platform of an environment alone',
        mend: [
          `aws elasticbeanstalk update-environment --region ${target.region} --environment-name ${target.environment} --platform-arn '${latest.arn}'`,
        ],
      },
    ]
  },
}
