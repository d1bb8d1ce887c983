import type { Documented } from './reference/commands.ts'

/** The calls of lucree in a line of shell, each as its words: in pipes, in `$(…)` and behind `npx` too. Redirections and remarks are left out. */
export function callsOf(line: string): string[][] {
  const calls = [...line.matchAll(/(?<![\w./-])lucree(?=\s)((?:\s+(?:"[^"]*"|'[^']*'|[^\s"'|;&)<>#`]+))*)/g)]
  return calls.map(([, rest = '']) =>
    [...rest.matchAll(/(?:"([^"]*)"|'([^']*)'|(\S+))/g)].map(
      ([, double, single, bare]) => double ?? single ?? bare ?? '',
    ),
  )
}

/** The command that the words name, with the words behind its name; undefined when there is none. */
export function commandOf(
  words: string[],
  commands: Documented[],
): { documented: Documented; argv: string[] } | undefined {
  for (const length of [3, 2, 1]) {
    const documented = commands.find(({ name }) => name === words.slice(0, length).join(' '))
    if (documented) return { documented, argv: words.slice(length) }
  }
  return undefined
}
