import type { CheckedSource, Warn } from './checked-source.ts'
import { type InspectedBundle, inspectBundle } from './inspect-bundle.ts'

/** What the platform will do with a bundle. */
export type CheckedBundle = Omit<InspectedBundle, 'findings'>

/**
 * Reads the bundle as the platform will, before a byte is sent.
 * @throws SourceError naming file, line and mend.
 */
export async function checkBundle(source: CheckedSource, onWarning: Warn): Promise<CheckedBundle> {
  const { findings, ...checked } = await inspectBundle(source)
  for (const { warnings, refusal } of findings) {
    warnings.forEach(onWarning)
    if (refusal) throw refusal
  }
  return checked
}
