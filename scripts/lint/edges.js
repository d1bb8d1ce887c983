/**
 * The edges of a process that few places may touch. Each entry holds the options of ESLint's own rules; {@link guard} puts those of
 * several edges together for a place.
 */
const injected = 'Time is injected: take a Clock and use its now() or sleep().'
const reported = 'Only report/ writes to the terminal: emit a progress event or return a value.'

const edges = {
  environment: {
    properties: [
      { object: 'process', property: 'env', message: 'The environment is read in config/, cli/ or main.ts.' },
    ],
  },
  exit: {
    properties: [
      {
        object: 'process',
        property: 'exit',
        message: 'Only an entry point ends the process: throw an error.',
      },
    ],
  },
  terminal: {
    globals: [{ name: 'console', message: reported }],
    properties: ['stdout', 'stderr'].map((property) => ({ object: 'process', property, message: reported })),
  },
  time: {
    globals: ['setTimeout', 'setInterval'].map((name) => ({ name, message: injected })),
    properties: [
      ['Date', 'now'],
      ['performance', 'now'],
      ['process', 'hrtime'],
      ['AbortSignal', 'timeout'],
      ['globalThis', 'setTimeout'],
      ['globalThis', 'setInterval'],
    ].map(([object, property]) => ({ object, property, message: injected })),
    syntax: [
      {
        selector: "NewExpression[callee.name='Date'][arguments.length=0], CallExpression[callee.name='Date']",
        message: injected,
      },
    ],
    // A turn of the event loop is no time, so setImmediate stays.
    imports: ['node:timers', 'timers', 'node:timers/promises', 'timers/promises'].map((name) => ({
      name,
      allowImportNames: ['setImmediate'],
      message: injected,
    })),
  },
  network: {
    globals: [{ name: 'fetch', message: 'bundle/, diagnose/ and deploy/plan.ts do no network I/O.' }],
  },
}

/** A configuration that refuses the named edges in `files`; of several that match a file, the last one counts. */
export function guard(files, ...names) {
  const listOf = (kind) => names.flatMap((name) => edges[name][kind] ?? [])
  // Off when nothing is refused: ESLint keeps an earlier list when a later entry brings none.
  const rule = (list) => (list.length === 0 ? 'off' : ['error', ...list])
  return {
    files,
    rules: {
      'no-restricted-properties': rule(listOf('properties')),
      'no-restricted-globals': rule(listOf('globals')),
      'no-restricted-syntax': rule(listOf('syntax')),
      'no-restricted-imports': rule(listOf('imports')),
    },
  }
}
