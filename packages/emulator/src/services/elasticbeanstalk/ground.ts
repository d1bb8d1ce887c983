import type { Scenario } from '../../scenario.ts'
import type { Network } from '../ec2/world/network.ts'
import type { LogGroups } from '../logs/groups.ts'

/** What environments are launched on: the account's network, its log groups, and what kind of account it is. */
export interface Ground {
  scenario: Pick<Scenario, 'freePlan' | 'launchConfigurations' | 'full' | 'retiredPlatform'>
  network: Network
  logGroups: LogGroups
}
