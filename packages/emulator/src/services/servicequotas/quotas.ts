import { ADDRESS_QUOTA } from '../ec2/world/network.ts'

/** A number that the account may not go beyond. */
export interface Quota {
  service: string
  serviceName: string
  code: string
  name: string
  value: number
}

/** Processors of all running instances of the standard families: what a young account has, and one that has used them up. */
export const processorQuota = ({ full }: { full: boolean }): number => (full ? 1 : 32)

/** The quotas that a deploy can meet. The codes of EC2 and load balancing are AWS's own; of Beanstalk's three there is only a weak source. */
export const quotasOf = (account: { full: boolean }): readonly Quota[] => [
  {
    ...{ service: 'ec2', serviceName: 'Amazon Elastic Compute Cloud (Amazon EC2)', code: 'L-1216C47A' },
    name: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
    value: processorQuota(account),
  },
  {
    ...{ service: 'ec2', serviceName: 'Amazon Elastic Compute Cloud (Amazon EC2)', code: 'L-0263D0A3' },
    name: 'EC2-VPC Elastic IPs',
    value: ADDRESS_QUOTA,
  },
  {
    ...{ service: 'elasticloadbalancing', serviceName: 'Elastic Load Balancing (ELB)', code: 'L-53DA6B97' },
    name: 'Application Load Balancers per Region',
    value: 50,
  },
  {
    ...{ service: 'elasticbeanstalk', serviceName: 'AWS Elastic Beanstalk', code: 'L-1CEABD17' },
    name: 'Applications',
    value: 75,
  },
  {
    ...{ service: 'elasticbeanstalk', serviceName: 'AWS Elastic Beanstalk', code: 'L-D64F1F14' },
    name: 'Application Versions',
    value: 1000,
  },
  {
    ...{ service: 'elasticbeanstalk', serviceName: 'AWS Elastic Beanstalk', code: 'L-8EFC1C51' },
    name: 'Environments',
    value: 200,
  },
]
