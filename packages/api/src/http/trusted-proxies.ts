import { BlockList, isIPv6 } from 'node:net'

/** Addresses from which a proxy of the platform can connect: the instance itself, and the network behind its load balancer. */
const inside = new BlockList()
inside.addSubnet('127.0.0.0', 8)
inside.addSubnet('10.0.0.0', 8)
inside.addSubnet('172.16.0.0', 12)
inside.addSubnet('192.168.0.0', 16)
inside.addSubnet('100.64.0.0', 10)
inside.addSubnet('169.254.0.0', 16)
inside.addAddress('::1', 'ipv6')
inside.addSubnet('fc00::', 7, 'ipv6')
inside.addSubnet('fe80::', 10, 'ipv6')

/**
 * Whose word on X-Forwarded-For is taken, for Fastify's `trustProxy`. A caller can write anything into that header, and each proxy
 * appends the address it was called from; so entries are read from the right, one for each proxy that is known to be there, and
 * only while the address that vouches for the entry is not one of the internet's. What stands left of that is the caller's invention.
 *
 * @param hops number of proxies in front: 1 behind the platform's nginx, 2 with a load balancer before it
 */
export function trustedProxies(hops: number): (address: string, hop: number) => boolean {
  return (address, hop) => hop < hops && inside.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}
