import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { DescribeApplicationsCommand, ElasticBeanstalkClient } from '@aws-sdk/client-elastic-beanstalk'
import type { OtherRegions } from '../account/ports.ts'
import { caller } from './caller.ts'
import { callOptions, clientOptions } from './client-options.ts'
import type { Connection } from './connection.ts'
import { tries } from './tries.ts'

/** All regions are asked at once; one that doesn't answer soon is no reason to wait for minutes. */
const ATTEMPTS = 3

/** EC2's list of the account's regions and Elastic Beanstalk in each, behind the {@link OtherRegions} port. */
export function openOtherRegions(connection: Connection): OtherRegions {
  const run = caller(connection)
  const applicationsIn = async (region: string, signal: AbortSignal | undefined) => {
    const client = new ElasticBeanstalkClient({
      ...clientOptions({ ...connection, region }),
      ...tries(connection, ATTEMPTS),
    })
    try {
      const { Applications } = await client.send(new DescribeApplicationsCommand({}), callOptions(signal))
      return (Applications ?? []).flatMap(({ ApplicationName: name }) => (name ? [{ region, name }] : []))
    } catch (error) {
      // Not every region has Elastic Beanstalk: its address isn't there.
      if ((error as NodeJS.ErrnoException).code === 'ENOTFOUND') return []
      throw error
    } finally {
      client.destroy()
    }
  }

  return {
    applicationsElsewhere: async (signal) => {
      // The embedded Beanstalk has one region.
      if (connection.endpoint) return []
      const client = new EC2Client(clientOptions(connection))
      const { Regions: regions } = await run('DescribeRegions', signal, () =>
        client.send(new DescribeRegionsCommand({}), callOptions(signal)),
      )
      const others = (regions ?? []).flatMap(({ RegionName }) =>
        RegionName && RegionName !== connection.region ? [RegionName] : [],
      )
      const found = await run('DescribeApplications', signal, () =>
        Promise.all(others.map((region) => applicationsIn(region, signal))),
      )
      return found.flat()
    },
  }
}
