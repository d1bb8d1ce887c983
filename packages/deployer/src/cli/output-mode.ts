/** How a command's output looks, as its flags and variables ask. */
export interface OutputMode {
  json: boolean
  /** A line of JSON for each event of progress, before the document. */
  follow: boolean
  quiet: boolean
  colourRefused: boolean
}

/**
 * Reads the output flags before anything is parsed: a command line that can't be parsed must be answered in the asked form too. The flags are
 * declared in `flags.ts` as well, for the help and the parser.
 */
export function outputModeOf(
  argv: readonly string[],
  environment: Record<string, string | undefined>,
): OutputMode {
  const end = argv.indexOf('--')
  const flags = end === -1 ? argv : argv.slice(0, end)
  const asked = (flag: string, variable: string) =>
    flags.includes(flag) || /^(1|true|y|yes)$/i.test(environment[variable] ?? '')
  return {
    json: asked('--json', 'LUCREE_JSON'),
    follow: flags.includes('--follow'),
    quiet: asked('--quiet', 'LUCREE_QUIET'),
    colourRefused: asked('--no-color', 'LUCREE_NO_COLOR'),
  }
}
