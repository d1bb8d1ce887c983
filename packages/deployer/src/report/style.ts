import { createColors } from 'picocolors'

/** Colours of one stream; every function gives its text back unchanged when the stream shows none. */
export type Style = Pick<
  ReturnType<typeof createColors>,
  'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'isColorSupported'
>

/** The colours themselves, or the same functions without effect. */
export function createStyle(coloured: boolean): Style {
  return createColors(coloured)
}

/**
 * Whether a stream gets colours: `--no-color` and NO_COLOR (no-color.org: set and not empty) say no, FORCE_COLOR says yes unless it is 0, a
 * dumb terminal gets none, any other terminal does.
 */
export function wantsColour(
  stream: { isTTY?: boolean },
  environment: Record<string, string | undefined>,
  refused: boolean,
): boolean {
  if (refused || environment['NO_COLOR']) return false
  const forced = environment['FORCE_COLOR']
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false'
  return stream.isTTY === true && environment['TERM'] !== 'dumb'
}
