import {
  CreateDefaultVpcCommand,
  DeleteSecurityGroupCommand,
  EC2Client,
  type Filter,
  paginateDescribeInstanceTypeOfferings,
  paginateDescribeInstanceTypes,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
} from '@aws-sdk/client-ec2'
import type { Network } from '../account/ports.ts'
import { caller, collected, unless } from './caller.ts'
import { callOptions, clientOptions } from './client-options.ts'
import type { Connection } from './connection.ts'
import { groupOf, instanceTypeOf, routeTableOf, subnetOf, vpcOf } from './network-shapes.ts'

/**
 * EC2 behind the {@link Network} port. Things are asked for by filter rather than by id: EC2 then leaves out what isn't there, where a
 * single unknown id makes it refuse the whole question (`InvalidVpcID.NotFound`, `InvalidInstanceType`).
 */
export function openNetwork(connection: Connection): Network {
  const client = new EC2Client(clientOptions(connection))
  const run = caller(connection)

  return {
    describeVpcs: (filter = {}, signal) =>
      run('DescribeVpcs', signal, () =>
        collected(
          paginateDescribeVpcs(
            { client },
            {
              Filters: [
                ...having('vpc-id', filter.ids),
                ...having('is-default', filter.isDefault === undefined ? undefined : [`${filter.isDefault}`]),
              ],
            },
          ),
          (page) => page.Vpcs?.map(vpcOf),
          signal,
        ),
      ),

    describeSubnets: ({ ids, vpc }, signal) =>
      run('DescribeSubnets', signal, () =>
        collected(
          paginateDescribeSubnets(
            { client },
            { Filters: [...having('subnet-id', ids), ...having('vpc-id', vpc && [vpc])] },
          ),
          (page) => page.Subnets?.map(subnetOf),
          signal,
        ),
      ),

    describeRouteTables: (vpc, signal) =>
      run('DescribeRouteTables', signal, () =>
        collected(
          paginateDescribeRouteTables({ client }, { Filters: having('vpc-id', [vpc]) }),
          (page) => page.RouteTables?.map(routeTableOf),
          signal,
        ),
      ),

    describeInstanceTypes: (filter, signal) =>
      run('DescribeInstanceTypes', signal, () =>
        collected(
          paginateDescribeInstanceTypes(
            { client },
            {
              Filters:
                'names' in filter
                  ? having('instance-type', filter.names)
                  : having('free-tier-eligible', ['true']),
            },
          ),
          (page) => page.InstanceTypes?.map(instanceTypeOf),
          signal,
        ),
      ),

    describeOfferings: (names, signal) =>
      run('DescribeInstanceTypeOfferings', signal, () =>
        collected(
          paginateDescribeInstanceTypeOfferings(
            { client },
            { LocationType: 'availability-zone', Filters: having('instance-type', names) },
          ),
          (page) =>
            page.InstanceTypeOfferings?.flatMap(({ InstanceType, Location }) =>
              InstanceType && Location ? [{ name: InstanceType, zone: Location }] : [],
            ),
          signal,
        ),
      ),

    createDefaultVpc: (signal) =>
      run('CreateDefaultVpc', signal, async () => {
        const { Vpc } = await client.send(new CreateDefaultVpcCommand({}), callOptions(signal))
        return vpcOf(Vpc ?? {})
      }),

    describeSecurityGroups: ({ tag, references }, signal) =>
      run('DescribeSecurityGroups', signal, () =>
        collected(
          paginateDescribeSecurityGroups(
            { client },
            {
              Filters: [
                ...having(`tag:${tag?.name}`, tag && [tag.value]),
                ...having('ip-permission.group-id', references ? [references] : undefined),
              ],
            },
          ),
          (page) => page.SecurityGroups?.map(groupOf),
          signal,
        ),
      ),

    deleteSecurityGroup: (id, signal) =>
      run('DeleteSecurityGroup', signal, () =>
        unless(['InvalidGroup.NotFound'], undefined, async () => {
          await client.send(new DeleteSecurityGroupCommand({ GroupId: id }), callOptions(signal))
        }),
      ),
  }
}

/** A filter, or none when nothing is asked of that name. */
function having(name: string, values: string[] | '' | undefined): Filter[] {
  return values ? [{ Name: name, Values: values }] : []
}
