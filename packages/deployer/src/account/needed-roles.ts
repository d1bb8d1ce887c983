import { INSTANCE_PROFILE, SERVICE_ROLE } from '../beanstalk/options.ts'
import type { SourceImage } from './context.ts'

export interface NeededPolicy {
  arn: string
  reason: string
}

/** A role that an environment needs: who assumes it, and the managed policies that are enough. Names, trusts and policies: facts sheet §2.1. */
export interface NeededRole {
  name: string
  description: string
  /** The service that assumes it. */
  service: string
  trust: object
  policies: NeededPolicy[]
}

const MANAGED = 'arn:aws:iam::aws:policy'
/** A private registry's image, in any partition: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop`. */
const PRIVATE_ECR = /^\d{12}\.dkr\.ecr(-fips)?\.[a-z\d-]+\.amazonaws\.com(\.cn)?\//

/** The role of the instances. Least: WebTier is enough for Docker; registry rights come only with an image that needs them. */
export function instanceRole(image?: SourceImage): NeededRole {
  const ecr = image?.names.find((name) => PRIVATE_ECR.test(name))
  return {
    name: INSTANCE_PROFILE,
    description: 'What the instances of Elastic Beanstalk environments may do',
    service: 'ec2.amazonaws.com',
    trust: trustOf('ec2.amazonaws.com'),
    policies: [
      {
        arn: `${MANAGED}/AWSElasticBeanstalkWebTier`,
        reason: 'instances store logs and deliver them to Beanstalk',
      },
      ...(ecr
        ? [
            {
              arn: `${MANAGED}/AmazonEC2ContainerRegistryReadOnly`,
              reason: `${ecr} is in a private registry`,
            },
          ]
        : []),
    ],
  }
}

/** The role that Beanstalk itself takes on. */
export const serviceRole: NeededRole = {
  name: SERVICE_ROLE,
  description: 'What Elastic Beanstalk may do in this account',
  service: 'elasticbeanstalk.amazonaws.com',
  trust: trustOf('elasticbeanstalk.amazonaws.com', {
    StringEquals: { 'sts:ExternalId': 'elasticbeanstalk' },
  }),
  policies: [
    {
      arn: `${MANAGED}/service-role/AWSElasticBeanstalkEnhancedHealth`,
      reason: 'Beanstalk watches instances and load balancer',
    },
    {
      arn: `${MANAGED}/AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy`,
      reason: 'Beanstalk updates the platform and removes old versions',
    },
  ],
}

function trustOf(service: string, Condition?: object): object {
  const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }
  return { Version: '2012-10-17', Statement: [{ ...statement, ...(Condition ? { Condition } : {}) }] }
}
