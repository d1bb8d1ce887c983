import { homedir } from 'node:os'
import { join } from 'node:path'

/** Directory of what lucree keeps on this machine: `$XDG_STATE_HOME/lucree`, by default `~/.local/state/lucree`. */
export function stateHome(environment: Record<string, string | undefined>): string {
  const xdg = environment['XDG_STATE_HOME']
  return join(xdg?.startsWith('/') ? xdg : join(homedir(), '.local', 'state'), 'lucree')
}
