/** Put in by the build. */
declare const LUCREE_EMULATOR_VERSION: string | undefined

/** The package's version; `source` when it runs unbuilt. */
export const version: string =
  typeof LUCREE_EMULATOR_VERSION === 'string' ? LUCREE_EMULATOR_VERSION : 'source'
