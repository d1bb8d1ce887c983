import type * as sdk from '@aws-sdk/client-ec2'
import { ServiceError, type Action } from '../../service.ts'
import { pageOf, passes } from '../filters.ts'
import type { World } from '../world.ts'
import { findInstanceType, instanceTypes, isOffered, type InstanceType } from '../world/instance-types.ts'
import { zoneIdOf, zonesOf } from '../world/zones.ts'

export function describeInstanceTypes(): Action<
  sdk.DescribeInstanceTypesRequest,
  sdk.DescribeInstanceTypesResult
> {
  return async ({ InstanceTypes, Filters, MaxResults, NextToken }) => {
    const unknown = InstanceTypes?.filter((name) => findInstanceType(name) === undefined) ?? []
    if (unknown.length > 0) {
      throw new ServiceError(
        'InvalidInstanceType',
        `The following supplied instance types do not exist: [${unknown.join(', ')}]`,
      )
    }
    const names = InstanceTypes as string[] | undefined
    const found = instanceTypes
      .filter(({ name }) => !names?.length || names.includes(name))
      .filter((type) =>
        passes(Filters, {
          'instance-type': [type.name],
          'free-tier-eligible': [String(type.freeTierEligible)],
          'current-generation': ['true'],
          'burstable-performance-supported': [String(type.burstable)],
          'processor-info.supported-architecture': [type.architecture],
          'vcpu-info.default-vcpus': [String(type.vcpus)],
          'memory-info.size-in-mib': [String(type.memoryMiB)],
        }),
      )
    const { items, next } = pageOf(found, MaxResults, NextToken)
    return { InstanceTypes: items.map(describe), NextToken: next }
  }
}

function describe(type: InstanceType): sdk.InstanceTypeInfo {
  return {
    InstanceType: type.name as sdk._InstanceType,
    CurrentGeneration: true,
    FreeTierEligible: type.freeTierEligible,
    BareMetal: false,
    BurstablePerformanceSupported: type.burstable,
    Hypervisor: type.name.startsWith('t2.') ? 'xen' : 'nitro',
    SupportedUsageClasses: ['on-demand', 'spot'],
    SupportedRootDeviceTypes: ['ebs'],
    SupportedVirtualizationTypes: ['hvm'],
    ProcessorInfo: { SupportedArchitectures: [type.architecture] },
    VCpuInfo: { DefaultVCpus: type.vcpus },
    MemoryInfo: { SizeInMiB: type.memoryMiB },
  }
}

/** Where a type can be had: by region, zone or zone id. */
export function describeInstanceTypeOfferings({
  region,
}: World): Action<sdk.DescribeInstanceTypeOfferingsRequest, sdk.DescribeInstanceTypeOfferingsResult> {
  return async ({ LocationType = 'region', Filters, MaxResults, NextToken }) => {
    const places =
      LocationType === 'region'
        ? [{ location: region, zone: '' }]
        : zonesOf(region).map((zone) => ({
            location: LocationType === 'availability-zone-id' ? zoneIdOf(region, zone) : zone,
            zone,
          }))
    const offerings = instanceTypes.flatMap(({ name }) =>
      places.filter(({ zone }) => isOffered(name, zone)).map(({ location }) => ({ name, location })),
    )
    const found = offerings.filter(({ name, location }) =>
      passes(Filters, { 'instance-type': [name], location: [location] }),
    )
    const { items, next } = pageOf(found, MaxResults, NextToken)
    return {
      InstanceTypeOfferings: items.map(({ name, location }) => ({
        InstanceType: name as sdk._InstanceType,
        LocationType,
        Location: location,
      })),
      NextToken: next,
    }
  }
}

export function describeAvailabilityZones({
  region,
}: World): Action<sdk.DescribeAvailabilityZonesRequest, sdk.DescribeAvailabilityZonesResult> {
  return async ({ Filters, ZoneNames }) => {
    const found = zonesOf(region)
      .filter((zone) => !ZoneNames?.length || ZoneNames.includes(zone))
      .filter((zone) =>
        passes(Filters, {
          'zone-name': [zone],
          'zone-id': [zoneIdOf(region, zone)],
          'zone-type': ['availability-zone'],
          'region-name': [region],
          state: ['available'],
        }),
      )
    return {
      AvailabilityZones: found.map((zone) => ({
        ZoneName: zone,
        ZoneId: zoneIdOf(region, zone),
        ZoneType: 'availability-zone',
        RegionName: region,
        GroupName: region,
        NetworkBorderGroup: region,
        OptInStatus: 'opt-in-not-required',
        State: 'available',
        Messages: [],
      })),
    }
  }
}
