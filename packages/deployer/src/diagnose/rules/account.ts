import type { Clues, Place } from '../clues.ts'
import { deployOnce, EVENTS, type Rule, told } from '../rule.ts'
import { instanceOf } from './instance.ts'

/** Where an account says that it lacks something: the reason stands in scaling activities long before an event tells it. */
const SAID: Place[] = ['activity', 'event', 'refusal', 'cause']
const DOCTOR = 'lucree doctor   # checks what the account lacks'

/** Instances never came, or a call was refused, through the account and not through the bundle. */
export const ACCOUNT: Rule[] = [
  told({
    name: 'the account’s plan doesn’t have this instance type',
    code: 'LUC-DEPLOY-FREE-PLAN',
    source: 'facts §0 1, §2.5, §6.1 row 15',
    texts: /not eligible for Free Tier/i,
    places: SAID,
    cause: (_, clues) => `An account on the free plan may not start ${instanceOf(clues)}`,
    next: [
      deployOnce('"instanceType" in lucree.json is one of the free plan: t3.micro, t3.small, t4g.micro'),
      DOCTOR,
    ],
  }),
  told({
    name: 'the account’s vCPU quota is used up',
    code: 'LUC-DEPLOY-VCPU-QUOTA',
    source: 'facts §2.5 (VcpuLimitExceeded)',
    texts: /VcpuLimitExceeded|requested more vCPU capacity|InstanceLimitExceeded/i,
    places: SAID,
    cause: 'The account may not run that many instances: its vCPU quota is used up',
    next: [
      'aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-1216C47A --desired-value 8',
      DOCTOR,
    ],
  }),
  told({
    name: 'the zone doesn’t have this instance type',
    code: 'LUC-DEPLOY-ZONE',
    source: 'facts §2.4 (us-east-1e lacks t3); text of EC2',
    texts: /instance type .* is not supported in your requested Availability Zone|Unsupported - /i,
    places: SAID,
    cause: (_, clues) => `A chosen availability zone doesn’t have ${instanceOf(clues)}`,
    next: [deployOnce('"subnets" in lucree.json lie in other zones, or "instanceType" is another'), DOCTOR],
  }),
  told({
    name: 'AWS has no such instance left',
    code: 'LUC-DEPLOY-CAPACITY',
    source: 'text of EC2 (InsufficientInstanceCapacity); peers §4, 9 (AZ capacity)',
    texts: /InsufficientInstanceCapacity|do not have sufficient .*capacity|InsufficientCapacity/i,
    places: SAID,
    cause: (_, clues) =>
      `AWS has no ${clues.instance.type ?? 'instance of this type'} left in these zones at the moment`,
    next: ['lucree deploy   # again later, or with another "instanceType" in lucree.json', DOCTOR],
  }),
  told({
    name: 'the subnet is full',
    code: 'LUC-DEPLOY-SUBNET-FULL',
    source: 'text of EC2 (InsufficientFreeAddressesInSubnet)',
    texts:
      /InsufficientFreeAddressesInSubnet|insufficient (?:free )?(?:IP )?addresses|not enough free addresses in subnet/i,
    places: SAID,
    cause: 'The subnet has no free address left for an instance',
    next: [deployOnce('"subnets" in lucree.json names a larger subnet'), DOCTOR],
  }),
  told({
    name: 'the account has no Elastic IP left',
    code: 'LUC-DEPLOY-ADDRESS-QUOTA',
    source: 'text of EC2 (AddressLimitExceeded); a single instance gets an EIP (facts §3.4 A)',
    texts: /AddressLimitExceeded|maximum number of addresses has been reached/i,
    places: SAID,
    cause: 'The account has no Elastic IP address left, and every single-instance environment takes one',
    next: [
      'aws ec2 describe-addresses   # release one that nothing uses: aws ec2 release-address',
      deployOnce('"type" in lucree.json is "load-balanced", which needs none'),
    ],
  }),
  told({
    name: 'there is no default VPC',
    code: 'LUC-DEPLOY-NO-DEFAULT-VPC',
    source: 'facts §2.4, §6.1 row 14',
    texts: /Default VPC not found|No default VPC for this user|VPCIdNotSpecified/i,
    places: SAID,
    cause: 'The account has no default VPC in this region, and no network was named',
    next: [
      'aws ec2 create-default-vpc',
      deployOnce('"vpc" and "subnets" in lucree.json name a network'),
      DOCTOR,
    ],
  }),
  told({
    name: 'launch configurations aren’t available',
    code: 'LUC-DEPLOY-LAUNCH-CONFIGURATION',
    source: 'facts §2.3, §6.1 row 12',
    texts: /Launch Configuration creation operation is not available/i,
    places: SAID,
    cause: 'The account can only use launch templates, and this environment asks for a launch configuration',
    next: ['lucree destroy   # then: lucree deploy, which makes one with a launch template'],
  }),
  told({
    name: 'the instance profile is missing',
    code: 'LUC-DEPLOY-INSTANCE-PROFILE',
    source: 'facts §2.2, §6.1 row 13',
    texts:
      /must have instance profile associated|The instance profile (\S+) associated with the environment does not exist|Invalid IamInstanceProfile|Invalid IAM Instance Profile/i,
    places: SAID,
    cause: ({ groups }) =>
      `The instance profile${groups[0] ? ` ${groups[0]}` : ''} isn’t there, or was made a moment ago and isn’t known everywhere yet`,
    next: ['lucree deploy   # makes what is missing and waits for it', DOCTOR],
  }),
  told({
    name: 'the service role is missing',
    code: 'LUC-DEPLOY-SERVICE-ROLE',
    source: 'facts §2.1',
    texts: /A Service Role is required in this region|CreateServiceLinkedRole/i,
    places: SAID,
    cause: 'Beanstalk has no service role in this account, and these credentials may not make one',
    next: [DOCTOR, 'lucree doctor --policy   # the rights that lucree needs'],
  }),
  told({
    name: 'instances can’t reach Beanstalk',
    code: 'LUC-DEPLOY-NO-WAY-OUT',
    source: 'facts §2.4, §6.1 row 16',
    texts: /instances failed to communicate with AWS Elastic Beanstalk|\[AWSEBInstanceLaunchWaitCondition\]/i,
    places: SAID,
    cause: 'The instances started and could not reach Beanstalk: their subnet has no way out to the internet',
    next: [
      DOCTOR,
      deployOnce(
        'the subnets in lucree.json have a route to an internet or NAT gateway, and instances a public address',
      ),
    ],
  }),
  told({
    name: 'the bucket may not be set up',
    code: 'LUC-DEPLOY-BUCKET-RIGHTS',
    source: 'facts §2.2, §6.1 row 25',
    texts: /s3:PutBucketOwnershipControls|s3:PutBucket\w+|TemplateURL must reference a valid S3 object/i,
    places: [...SAID, 'engine'],
    cause: ({ line }) =>
      `These credentials may not set up Beanstalk’s bucket${/s3:\w+/.exec(line) ? ` (${/s3:\w+/.exec(line)?.[0]})` : ''}`,
    next: [
      'lucree doctor --policy   # the rights that lucree needs',
      'aws sts get-caller-identity   # who these credentials are',
    ],
  }),
  told({
    name: 'the platform’s files may not be read',
    code: 'LUC-DEPLOY-PLATFORM-ASSETS',
    source: 'facts §2.2, §6.1 row 25',
    texts:
      /Access Denied: S3Bucket=(elasticbeanstalk-platform-assets-[\w-]+)|elasticbeanstalk-platform-assets/i,
    places: SAID,
    cause: ({ groups }) =>
      `These credentials may not read ${groups[0] ?? 'elasticbeanstalk-platform-assets'}, where AWS keeps the platform (s3:GetObject)`,
    next: [
      'lucree doctor --policy   # the rights that lucree needs',
      'aws sts get-caller-identity   # who these credentials are',
    ],
  }),
  told({
    name: 'a right is missing',
    code: 'LUC-DEPLOY-RIGHTS',
    source: 'texts of IAM (is not authorized to perform)',
    texts: /(?:is )?not authorized to perform:? ([\w-]+:\w+)|UnauthorizedOperation|InsufficientPrivileges/i,
    places: [...SAID, 'engine'],
    cause: ({ groups }) => `A right is missing${groups[0] ? `: ${groups[0]}` : ''}`,
    next: ['lucree doctor --policy   # the rights that lucree needs', EVENTS],
  }),
  told({
    name: 'an instance could not be started',
    code: 'LUC-DEPLOY-NO-INSTANCE',
    source: 'facts §0 1, §6.1 row 15 (DescribeScalingActivities)',
    texts: /Launching .*failed|Could not launch|Client\.\w+|Invalid\w+ - /i,
    places: ['activity'],
    cause: 'The Auto Scaling group can’t start an instance',
    next: [DOCTOR, EVENTS],
    show: (clues: Clues) => clues.lines('activity', 6),
  }),
]
