import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Beside this file in the sources; at the top of `dist` in the package, whatever chunk this code was bundled into. */
const PLACES = ['./port-shim.cjs', '../port-shim.cjs', '../../port-shim.cjs']

/** Where the module lies that gives each application the ports of a container. */
export function portShimFile(): string {
  const found = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) =>
    existsSync(path),
  )
  if (found === undefined)
    throw new Error(
      `port-shim.cjs is missing beside ${fileURLToPath(import.meta.url)}: the package is incomplete`,
    )
  return found
}
