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
  const full = parentsOf(files)
  return directories.toReversed().filter((directory) => {
    if (full.has(directory) || !ships(directory)) return false
    addParents(full, directory)
    return true
  })
}

/** Every directory that one of the paths is in. */
export function parentsOf(paths: Iterable<string>): Set<string> {
  const parents = new Set<string>()
  for (const path of paths) addParents(parents, path)
  return parents
}

function addParents(parents: Set<string>, path: string): void {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const parent = path.slice(0, end)
    if (parents.has(parent)) return
    parents.add(parent)
  }
}
