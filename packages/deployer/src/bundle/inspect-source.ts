import { type InspectedBundle, inspectBundle } from './checks/inspect-bundle.ts'
import { directorySource } from './directory-source.ts'
import { type FilesRequest, findFiles } from './files/source-files.ts'
import type { SourceFile } from './source-file.ts'

/** What a bundle of a source directory would be, without making it. */
export interface InspectedSource extends InspectedBundle {
  files: SourceFile[]
  /** What finding the files warned of. */
  warnings: string[]
}

/**
 * Makes the checks of a deploy's bundle one by one, so that a refusal doesn't hide the next. Nothing is written, and the project's build doesn't run.
 * @throws SourceError when there is no source to look at.
 */
export async function inspectSource(request: Omit<FilesRequest, 'onWarning'>): Promise<InspectedSource> {
  const warnings: string[] = []
  const onWarning = (sentence: string) => void warnings.push(sentence)
  const { files, selection } = await findFiles({ ...request, onWarning })
  return { files, warnings, ...(await inspectBundle(directorySource({ ...request, files, selection }))) }
}
