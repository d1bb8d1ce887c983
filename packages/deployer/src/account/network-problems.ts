import type { DeployTarget } from '../config/target.ts'
import type { CheckResult } from './checks/check.ts'
import type { Place, SubnetSeen } from './network.ts'

/** A load balancer wants this many free addresses in each of its subnets (Elastic Load Balancing's user guide, "Subnets for your load balancer"). */
const BALANCER_ADDRESSES = 8

/** What keeps an environment of the target's type from running in a network; undefined when nothing does. */
export function placeProblem(place: Place, { target }: { target: DeployTarget }): CheckResult | undefined {
  const balanced = target.type === 'load-balanced'
  return (
    withoutSubnets(place, target) ??
    (balanced ? balancerProblem(place) : undefined) ??
    withoutWayOut(place.subnets) ??
    (balanced ? undefined : unreachable(place.subnets)) ??
    withoutAddresses(place.subnets)
  )
}

function withoutSubnets({ vpc, subnets }: Place, { region }: DeployTarget): CheckResult | undefined {
  if (subnets.length > 0) return undefined
  return failed('LUC-ACCOUNT-NO-SUBNET', {
    found: `The default VPC ${vpc} has no subnets`,
    why: 'somebody removed them, and instances run in one',
    mend: [
      `aws ec2 create-default-subnet --region ${region} --availability-zone ${region}a`,
      'name a VPC and its subnets in lucree.json: "vpc", "subnets".',
    ],
  })
}

function balancerProblem({ vpc, balancerSubnets, isDefault }: Place): CheckResult | undefined {
  const zones = [...new Set(balancerSubnets.map(({ zone }) => zone))]
  const closed = balancerSubnets.filter(({ wayOut }) => wayOut !== 'internet-gateway')
  const full = balancerSubnets.filter(({ freeAddresses }) => freeAddresses < BALANCER_ADDRESSES)
  if (zones.length < 2) {
    return failed('LUC-ACCOUNT-ONE-ZONE', {
      found: `All subnets of the load balancer are in ${zones.join()}`,
      why: 'a load balancer needs subnets in two availability zones',
      mend: isDefault
        ? ['aws ec2 create-default-subnet --availability-zone <another>']
        : [
            `aws ec2 describe-subnets --filters Name=vpc-id,Values=${vpc}   # then name one of another zone in lucree.json`,
            '"type": "single" in lucree.json.',
          ],
    })
  }
  if (closed.length > 0) {
    return failed('LUC-ACCOUNT-BALANCER-CLOSED', {
      found: `${idsOf(closed)} can't hold the load balancer: no route to an internet gateway`,
      why: 'nobody could reach it',
      mend: ['Name public subnets in two zones in lucree.json: "elbSubnets".'],
    })
  }
  if (full.length === 0) return undefined
  return failed('LUC-ACCOUNT-SUBNET-FULL', {
    found: `${idsOf(full)} has fewer than ${BALANCER_ADDRESSES} free addresses`,
    why: 'a load balancer takes that many in each of its subnets',
    mend: ['Name larger subnets in lucree.json: "elbSubnets".'],
  })
}

/** Such instances never report: `The EC2 instances failed to communicate with AWS Elastic Beanstalk…` after a quarter of an hour (facts sheet §2.4). */
function withoutWayOut(subnets: SubnetSeen[]): CheckResult | undefined {
  const closed = subnets.filter(({ wayOut }) => wayOut === undefined)
  if (closed.length === 0) return undefined
  return failed('LUC-ACCOUNT-NO-WAY-OUT', {
    found: `${idsOf(closed)} has no way out to the internet`,
    why: 'its route table has no default route, so instances there could not reach Beanstalk nor pull an image',
    mend: [
      'aws ec2 create-route --route-table-id <rtb-…> --destination-cidr-block 0.0.0.0/0 --nat-gateway-id <nat-…>   # or --gateway-id <igw-…>',
      'name other subnets in lucree.json: "subnets".',
    ],
  })
}

/** A single instance is reached by its own address, which only an internet gateway brings requests to. */
function unreachable(subnets: SubnetSeen[]): CheckResult | undefined {
  const closed = subnets.filter(({ wayOut }) => wayOut !== 'internet-gateway')
  if (closed.length === 0) return undefined
  return failed('LUC-ACCOUNT-INSTANCE-CLOSED', {
    found: `An instance in ${idsOf(closed)} can't be reached: no route to an internet gateway`,
    why: 'an environment of type "single" is reached by the address of its instance',
    mend: [
      'Name public subnets in lucree.json: "subnets".',
      '"type": "load-balanced" with public "elbSubnets".',
    ],
  })
}

function withoutAddresses(subnets: SubnetSeen[]): CheckResult | undefined {
  if (subnets.some(({ freeAddresses }) => freeAddresses > 0)) return undefined
  return failed('LUC-ACCOUNT-SUBNET-FULL', {
    found: `${idsOf(subnets)} has no free address left`,
    why: 'an instance takes one',
    mend: ['Name a subnet with free addresses in lucree.json: "subnets".'],
  })
}

function idsOf(subnets: SubnetSeen[]): string {
  return subnets.map(({ id }) => id).join(' and ')
}

function failed(
  code: string,
  { found, why, mend }: Pick<CheckResult, 'found' | 'mend'> & { why: string },
): CheckResult {
  return { name: 'network', state: 'failed', code, found, why, mend }
}
