import type { InstanceTypeInfo, RouteTable, SecurityGroup, Subnet, Vpc } from '@aws-sdk/client-ec2'
import type {
  InstanceTypeDescription,
  RouteTableDescription,
  SecurityGroupDescription,
  SubnetDescription,
  VpcDescription,
} from '../account/ports.ts'
import { tagsOf } from './tags.ts'

/** EC2's shapes in lucree's words; what the service leaves out gets its neutral value here and nowhere else. */
export function vpcOf(sdk: Vpc): VpcDescription {
  return { id: sdk.VpcId ?? '', isDefault: sdk.IsDefault ?? false, cidr: sdk.CidrBlock ?? '' }
}

export function subnetOf(sdk: Subnet): SubnetDescription {
  return {
    id: sdk.SubnetId ?? '',
    vpc: sdk.VpcId ?? '',
    zone: sdk.AvailabilityZone ?? '',
    assignsPublicAddress: sdk.MapPublicIpOnLaunch ?? false,
    freeAddresses: sdk.AvailableIpAddressCount ?? 0,
  }
}

export function routeTableOf(sdk: RouteTable): RouteTableDescription {
  const associations = sdk.Associations ?? []
  return {
    id: sdk.RouteTableId ?? '',
    vpc: sdk.VpcId ?? '',
    main: associations.some(({ Main }) => Main),
    subnets: associations.flatMap(({ SubnetId }) => SubnetId ?? []),
    routes: (sdk.Routes ?? [])
      // A blackhole is a route whose target has gone.
      .filter(({ State }) => State !== 'blackhole')
      .map((route) => ({
        destination:
          route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId ?? '',
        target:
          route.GatewayId ??
          route.NatGatewayId ??
          route.TransitGatewayId ??
          route.VpcPeeringConnectionId ??
          route.EgressOnlyInternetGatewayId ??
          route.NetworkInterfaceId ??
          route.InstanceId ??
          '',
      })),
  }
}

export function instanceTypeOf(sdk: InstanceTypeInfo): InstanceTypeDescription {
  return {
    name: sdk.InstanceType ?? '',
    architectures: sdk.ProcessorInfo?.SupportedArchitectures ?? [],
    vcpus: sdk.VCpuInfo?.DefaultVCpus ?? 0,
    memoryMiB: sdk.MemoryInfo?.SizeInMiB ?? 0,
    freeTierEligible: sdk.FreeTierEligible ?? false,
  }
}

export function groupOf(sdk: SecurityGroup): SecurityGroupDescription {
  const rules = [...(sdk.IpPermissions ?? []), ...(sdk.IpPermissionsEgress ?? [])]
  return {
    id: sdk.GroupId ?? '',
    name: sdk.GroupName ?? '',
    vpc: sdk.VpcId ?? '',
    tags: tagsOf(sdk.Tags),
    references: [
      ...new Set(
        rules.flatMap(({ UserIdGroupPairs }) =>
          (UserIdGroupPairs ?? []).flatMap(({ GroupId }) => GroupId ?? []),
        ),
      ),
    ],
  }
}
