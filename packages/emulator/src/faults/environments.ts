import type { FaultPoint, FaultSubject, FaultVerdict } from '../services/elasticbeanstalk/faults.ts'
import { wholeNumber, type Fault, type FaultKind, type Moment } from './fault.ts'

const LONGEST_MS = 3_600_000

/** At every moment of a point, the same. */
const at = (point: FaultPoint, verdict: FaultVerdict): Fault => ({ point, verdict: async () => verdict })

/** Stays where it is until the operation is stopped. */
const never = ({ signal }: Moment): Promise<FaultVerdict> =>
  new Promise((_, reject) => {
    const stop = () => reject(signal?.reason as Error)
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })

const during =
  (...kinds: FaultSubject['operation'][]) =>
  ({ operation }: FaultSubject): boolean =>
    kinds.includes(operation)

const isLaunch = during('create', 'rebuild')

/** What EC2 says in an Auto Scaling activity; texts: EC2's own, facts sheet §2.5. */
const notLaunched = (reason: string): FaultVerdict => ({
  refused: `Could not launch On-Demand Instances. ${reason} Launching EC2 instance failed.`,
})

/** What goes wrong with an environment as a whole. */
export const environmentFaults: FaultKind[] = [
  {
    name: 'event-delay',
    does: 'An event is seen only that long after it happened, whatever went on meanwhile',
    argument: { shown: 'milliseconds', example: '2000' },
    lasting: true,
    make: (text) =>
      at('event written', {
        lateMs: wholeNumber('event-delay', text, 'milliseconds', 1, LONGEST_MS),
      }),
  },
  {
    name: 'event-duplicates',
    does: 'An event is there twice',
    lasting: true,
    make: () => at('event written', 'repeat'),
  },
  {
    name: 'events-never',
    does: 'An event never comes',
    lasting: true,
    make: () => at('event written', 'skip'),
  },
  {
    name: 'stuck-updating',
    does: 'An update does its work and never ends: the environment stays Updating until it is aborted or the server ends',
    lasting: false,
    make: () => ({
      point: 'operation ending',
      isMeant: (subject) => subject.operation !== 'terminate' && !isLaunch(subject),
      verdict: never,
    }),
  },
  {
    name: 'stuck-launching',
    does: 'A launch never gets an instance and never ends: the environment stays Launching, Grey',
    lasting: false,
    make: () => ({ point: 'instance launching', isMeant: isLaunch, verdict: never }),
  },
  {
    name: 'health-grey',
    does: 'An environment’s health is Grey, Unknown, whatever its application does',
    lasting: true,
    make: () => at('health computed', 'unknown'),
  },
  {
    name: 'instances-silent',
    does: 'Instances do what they are told and report nothing: an environment’s health is Grey, NoData, and nobody tells which version they run',
    lasting: true,
    make: () => at('health computed', 'unheard'),
  },
  {
    name: 'instances-cannot-communicate',
    does: 'Instances start and nobody hears of them, as in a subnet without a way out',
    lasting: true,
    make: () => at('instance launching', 'unheard'),
  },
  {
    name: 'insufficient-capacity',
    does: 'EC2 has no instance of the type left in the zone; the Auto Scaling group tries again',
    lasting: true,
    make: () => ({
      point: 'launch tried',
      verdict: async ({ subject: { instanceType: type = 'this type', zone = 'a zone' } }) =>
        notLaunched(
          `InsufficientInstanceCapacity - We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity.`,
        ),
    }),
  },
  {
    name: 'vcpu-limit',
    does: 'The account’s quota of vCPUs is used up; the Auto Scaling group tries again',
    lasting: true,
    make: () =>
      at(
        'launch tried',
        notLaunched(
          'VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of 1 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.',
        ),
      ),
  },
  {
    name: 'stack-failed',
    does: 'An environment’s CloudFormation stack is in the state UPDATE_ROLLBACK_FAILED, so an update or restart fails at once, until the environment is rebuilt with another stack',
    lasting: true,
    make: () => {
      const rebuilt = new Set<string>()
      return {
        point: 'operation beginning',
        isMeant: ({ environmentId = '', operation }) =>
          !rebuilt.has(environmentId) && during('update', 'restart', 'rebuild')({ operation }),
        // facts sheet §6.1, 29
        verdict: async ({ subject: { environmentId = '', operation, stack = '' } }) => {
          if (operation === 'rebuild') {
            rebuilt.add(environmentId)
            return 'proceed'
          }
          return {
            refused: `The stack ${stack} associated with environment ${environmentId} is in UPDATE_ROLLBACK_FAILED state`,
          }
        },
      }
    },
  },
  {
    name: 'terminate-hangs',
    does: 'A termination never gets past the security groups: the environment stays Terminating until the server ends',
    lasting: false,
    make: () => ({ point: 'groups deleting', verdict: never }),
  },
]
