/**
 * A path in its shortest form, as Go's `filepath.Clean` makes it on Unix: no empty component, no `.`, no `x/..`, no slash at the end. What
 * leads above the root of an absolute path goes, what leads above a relative one stays; nothing is `.`.
 */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/')
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (!rooted) parts.push(part)
  }
  const joined = parts.join('/')
  return rooted ? `/${joined}` : joined || '.'
}
