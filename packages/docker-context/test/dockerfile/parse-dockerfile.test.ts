import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DockerfileError, heredocText, parseDockerfile, planBuild, runForm } from '../../src/index.ts'

const instructions = (text: string) => parseDockerfile(`FROM node\n${text}`).instructions.slice(1)

describe('lines', () => {
  test('continued lines are one instruction, without the comments and empty lines between them', () => {
    const [run, cmd] = instructions(
      'RUN echo one && \\\n    # why two\n    echo two \\\n\n    && echo three\nCMD ["node"]',
    )
    expect(run).toMatchObject({ keyword: 'RUN', line: 2, endLine: 6, json: undefined })
    expect(run?.args).toBe('echo one &&     echo two     && echo three')
    expect(cmd).toMatchObject({ line: 7, json: ['node'] })
  })

  test('an escaped backslash at the end of a line ends the instruction', () => {
    const [env, run] = instructions('ENV DIR=C:\\\\\nRUN echo hi\n')
    expect(env?.words).toEqual(['DIR', 'C:\\\\'])
    expect(run).toMatchObject({ keyword: 'RUN', line: 3 })
  })

  test('an empty line in a continuation is told as a warning', () => {
    const { warnings } = parseDockerfile('FROM node\nENV A=1 \\\n\n  B=2\n')
    expect(warnings).toEqual([{ line: 4, message: 'Empty continuation line found in: ENV A=1   B=2' }])
  })

  test('the escape directive changes how lines are continued; the syntax directive is told', () => {
    const file = parseDockerfile(
      '# syntax=docker/dockerfile:1\n# escape=`\nFROM node\nRUN echo a `\n  b C:\\\n',
    )
    expect(file).toMatchObject({ escape: '`', syntax: { line: 1, value: 'docker/dockerfile:1' } })
    expect(file.instructions[1]?.args).toBe('echo a   b C:\\')
  })

  test('keywords may be in lower case, lines may end as on Windows, a byte order mark is no instruction', () => {
    const { instructions: found } = parseDockerfile('\uFEFFfrom node\r\nrun echo \\\r\n  hi\r\n')
    expect(found.map(({ keyword, args }) => [keyword, args])).toEqual([
      ['FROM', 'node'],
      ['RUN', 'echo   hi'],
    ])
  })

  test('flags stand apart from the arguments, those of the command are not flags of the instruction', () => {
    const [copy, run] = instructions(
      'COPY --from=build --chown=node:node --link /a b ./\nRUN npm ci --omit=dev\n',
    )
    expect(copy).toMatchObject({
      flags: [
        { name: 'from', value: 'build' },
        { name: 'chown', value: 'node:node' },
        { name: 'link', value: 'true' },
      ],
      args: '/a b ./',
      words: ['/a', 'b', './'],
    })
    expect(run).toMatchObject({ flags: [], args: 'npm ci --omit=dev' })
  })

  test('what is not valid JSON is a text for the shell, and what follows an array counts for nothing', () => {
    const [single, double, followed] = instructions(
      `CMD ['node', 's.js']\nCMD [ "node", "a\\"b" ]\nCMD ["node"] && true\n`,
    )
    expect(single?.json).toBeUndefined()
    expect(double?.json).toEqual(['node', 'a"b'])
    expect(followed?.json).toEqual(['node'])
  })

  test('a file that names another frontend may use flags that are newer', () => {
    expect(() => instructions('COPY --parents a /x/\n')).toThrow('unknown flag: parents')
    parseDockerfile('# syntax=docker/dockerfile:1-labs\nFROM node\nCOPY --parents a /x/\n')
  })
})

describe('heredocs', () => {
  test('several of one instruction come one after the other, quoted names are told', () => {
    const [copy, env] = instructions('COPY <<A <<-"B" /x/\n1\nA\n\t$2\n\tB\nENV C=1\n')
    expect(copy?.heredocs).toEqual([
      { name: 'A', content: '1\n', expand: true, chomp: false },
      { name: 'B', content: '\t$2\n', expand: false, chomp: true },
    ])
    expect(copy?.heredocs.map(heredocText)).toEqual(['1\n', '$2\n'])
    expect(env).toMatchObject({ keyword: 'ENV', line: 7 })
  })

  test('a RUN runs a lone one as its text, one with #! as a program, others through its shell', () => {
    const forms = instructions(
      'RUN <<EOF\na\nb\nEOF\nRUN <<-X\n\t#!/usr/bin/env node\n\tX\nRUN <<P\n#!/bin/x\nP\nRUN cat <<Q > /q\n1\nQ\nRUN ["a"]\n',
    ).map(runForm)
    expect(forms).toEqual([
      { kind: 'shell', text: 'a\nb\n' },
      { kind: 'shell', text: '#!/usr/bin/env node\n' },
      { kind: 'script', name: 'P', text: '#!/bin/x\n' },
      { kind: 'shell', text: 'cat <<Q > /q\n1\nQ' },
      { kind: 'exec', argv: ['a'] },
    ])
  })

  test('a shift operator and a text in quotes are none', () => {
    expect(instructions('RUN echo $((1<<4)) "<<EOF"\nENV A=1\n')).toHaveLength(2)
  })

  test('in an ONBUILD they belong to what it holds', () => {
    const [onbuild] = instructions('ONBUILD COPY <<E /x\n1\nE\n')
    expect(onbuild?.trigger?.heredocs).toMatchObject([{ name: 'E', content: '1\n' }])
  })
})

const word = fc.oneof(
  fc.constantFrom(
    'FROM',
    'RUN',
    'ENV',
    'COPY',
    'ONBUILD',
    'ARG',
    'HEALTHCHECK',
    '<<EOF',
    'EOF',
    '--mount=type=cache,',
  ),
  fc.constantFrom('${A:-', '}', '"', "'", '\\', '$A', '["a"', ']', '=', '#', '`', '${A//', '/', '${A%%', '*'),
  fc.constantFrom('é', '😀', '\u0085', '\u00a0', '\uFEFF', '\0', '\ud800'),
  fc.string({ maxLength: 6 }),
)
const file = fc
  .array(fc.tuple(word, fc.constantFrom(' ', '\n', '', '\t', '\\\n', '\r\n')), { maxLength: 60 })
  .map((parts) => parts.flat().join(''))

/** What a call throws that isn't a {@link DockerfileError} fails the test. */
function refusalOf(work: () => unknown): DockerfileError | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof DockerfileError) return error
    throw error
  }
}

test('no text makes reading or planning throw anything but a DockerfileError with a line of the text', () => {
  fc.assert(
    fc.property(file, fc.boolean(), (text, begun) => {
      const whole = begun ? `FROM node AS a\nENV A=x.y.z\n${text}` : text
      const refusal = refusalOf(() => planBuild(parseDockerfile(whole)))
      expect(refusal?.line ?? 0).toBeLessThanOrEqual(whole.split('\n').length)
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['blanks', (n: number) => `FROM node\nENV A=1${' '.repeat(n)}x\n`],
  ['a directive with blanks', (n: number) => `# escape=\`${' \t'.repeat(n / 2)}x\nFROM node\n`],
  ['continuations', (n: number) => `FROM node\nRUN a ${'\\\n # c\n\n b'.repeat(n / 8)}\n`],
  ['variables', (n: number) => `FROM node\n${'ENV A=$A$B\n'.repeat(n / 11)}`],
  ['substitutions in each other', (n: number) => `FROM node\nENV A=${'${A:-'.repeat(n / 5)}\n`],
  ['ONBUILD in ONBUILD', (n: number) => `FROM node\n${'ONBUILD '.repeat(n / 8)}\n`],
  ['stages', (n: number) => `${'FROM node\n'.repeat(n / 10)}`],
  ['stages that copy', (n: number) => `FROM node AS a\n${'FROM a AS a\nCOPY --from=0 x y\n'.repeat(n / 30)}`],
  ['heredocs', (n: number) => `FROM node\n${'RUN <<E\nx\nE\n'.repeat(n / 12)}`],
  ['brackets', (n: number) => `FROM node\nRUN ${'['.repeat(n)}\n`],
  ['quotes', (n: number) => `FROM node\nENV A=${`"'"`.repeat(n / 3)}\n`],
  ['stars', (n: number) => `FROM scratch\nENV X=${'a'.repeat(n / 100)}\nENV A=\${X%%${'a*'.repeat(40)}b}\n`],
])('a long text of %s is read at once', (_, textOf) => {
  const took = (n: number): number => {
    const text = textOf(n)
    const began = performance.now()
    refusalOf(() => planBuild(parseDockerfile(text)))
    return performance.now() - began
  }
  took(2_000)
  // Whatever takes the square of its length takes minutes at this one; the bound is no measure of the machine.
  expect(took(60_000)).toBeLessThan(5_000)
})
