import type * as sdk from '@aws-sdk/client-ec2'
import type { Action } from '../../service.ts'
import { passes } from '../filters.ts'
import type { World } from '../world.ts'

/** The account has the one region that it lives in. */
export function describeRegions({
  region,
}: World): Action<sdk.DescribeRegionsRequest, sdk.DescribeRegionsResult> {
  return async ({ Filters, RegionNames }) => {
    const asked = !RegionNames?.length || RegionNames.includes(region)
    const found =
      asked && passes(Filters, { 'region-name': [region], 'opt-in-status': ['opt-in-not-required'] })
    const described = {
      RegionName: region,
      Endpoint: `ec2.${region}.amazonaws.com`,
      OptInStatus: 'opt-in-not-required',
    }
    return { Regions: found ? [described] : [] }
  }
}
