/**
 * The directories in which nothing ships, each the deepest of its way: docker sends them too, and COPY of one is no error. (Run: BuildKit of
 * Docker 26.1.5.)
 * @param directories those that were read, each after the one that it is in.
 * @param ships whether a directory itself isn't left out.
 */
export function emptyDirectories(
  directories: readonly string[],
  files: Iterable<string>,
  ships: (directory: string) => boolean,
): string[] {
  const full = new Set<string>()
  const fill = (path: string) => {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const parent = path.slice(0, end)
      if (full.has(parent)) return
      full.add(parent)
    }
  }
  for (const path of files) fill(path)
  return directories.toReversed().filter((directory) => {
    if (full.has(directory) || !ships(directory)) return false
    fill(directory)
    return true
  })
}
