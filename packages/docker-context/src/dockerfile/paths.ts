/** A path as seen from a directory, absolute and clean; undefined when either isn't known and it matters. */
export function joinPaths(directory: string | undefined, path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  if (path.startsWith('/')) return clean(path)
  return directory === undefined ? undefined : clean(`${directory}/${path}`)
}

function clean(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}
