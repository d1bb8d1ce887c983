/** Where a source of ADD comes from when it is no file of the context. */
export type RemoteSource = 'git' | 'http'

/** Tells a repository and an address from a path, as BuildKit does: `https://host/x.git`, `git@host:x`, also `a/b.git`. */
export function remoteSourceOf(source: string): RemoteSource | undefined {
  if (isGit(source)) return 'git'
  return /^https?:\/\//.test(source) ? 'http' : undefined
}

function isGit(source: string): boolean {
  if (/^\.{1,2}\//.test(source) || source.startsWith('github.com/')) return false
  const scheme = /^([a-zA-Z0-9]+):\/\//.exec(source)?.[1]?.toLowerCase()
  if (scheme === 'git' || scheme === 'ssh') return true
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return false
  if (scheme === undefined && /^[a-zA-Z0-9_-]+@[a-zA-Z0-9-.]+:.*$/.test(source)) return true
  // Without a scheme it is read as https://: `a/b.git` is the path b.git of a host a.
  const address = scheme === undefined ? source : source.slice(scheme.length + 3)
  const path = /^[^/?#]*(\/[^?#]*)/.exec(address)?.[1] ?? ''
  return path.endsWith('.git')
}
