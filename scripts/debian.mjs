import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run, step } from './run.mjs'

/** Whether this process may install Debian's packages. */
export const mayInstall = () => process.getuid?.() === 0 && existsSync('/etc/debian_version')

/** Whether a command stands on the PATH, the places for administrators included. */
function isThere(command) {
  const places = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return places.some((place) => {
    try {
      accessSync(join(place, command), constants.X_OK)
      return true
    } catch (error) {
      if (error.code === 'ENOENT' || error.code === 'EACCES' || error.code === 'ENOTDIR') return false
      throw error
    }
  })
}

/** Installs the packages whose command isn't there. Each entry is `[command, package]`. */
export async function aptInstall(wanted) {
  const missing = wanted.filter(([command]) => !isThere(command)).map(([, name]) => name)
  if (missing.length === 0) return
  const install = ['install', '--yes', '--no-install-recommends', ...missing]
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  // The package lists of an image may be too old or not there at all: then they are fetched first.
  const simulated = await run('apt-get', ['--simulate', ...install], { deadlineMs: 60_000, env })
  if (simulated.code !== 0)
    await step("Fetching Debian's package lists", 'apt-get', ['update'], { deadlineMs: 180_000, env })
  await step(`Installing ${missing.join(', ')}`, 'apt-get', install, { deadlineMs: 300_000, env })
}
