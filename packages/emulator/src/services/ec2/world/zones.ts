/** The letters of a region's availability zones; us-east-1 is the one with six. */
const lettersOf = (region: string): string => (region === 'us-east-1' ? 'abcdef' : 'abc')

/** The availability zones of a region, in order. */
export const zonesOf = (region: string): string[] =>
  [...lettersOf(region)].map((letter) => `${region}${letter}`)

/** The name that is the same in every account: `use1-az1`. */
export function zoneIdOf(region: string, zone: string): string {
  const short = region.replace(/^([a-z]+)-([a-z])[a-z]*-(\d)$/, '$1$2$3')
  return `${short}-az${zonesOf(region).indexOf(zone) + 1}`
}
