import { expect, test } from 'vitest'
import { parseDockerfile } from '../../../src/runtime/process/dockerfile.ts'

const instructions = (text: string) => parseDockerfile(text).instructions

test('continued lines are one instruction, without the comments and empty lines between them', () => {
  const text = `FROM node
RUN echo one && \\
    # why two
    echo two \\

    && echo three
CMD ["node"]`
  const [, run, cmd] = instructions(text)
  expect(run).toMatchObject({ keyword: 'RUN', line: 2, json: undefined })
  expect(run?.args).toBe('echo one &&     echo two     && echo three')
  expect(cmd?.json).toEqual(['node'])
})

test('flags stand apart from the arguments', () => {
  const [copy] = instructions('COPY --from=build --chown=node:node --link /a b ./\n')
  expect(copy).toMatchObject({
    flags: { from: 'build', chown: 'node:node', link: true },
    args: '/a b ./',
  })
})

test('a flag of the command is not one of the instruction', () => {
  const [run] = instructions('RUN npm ci --omit=dev')
  expect(run).toMatchObject({ flags: {}, args: 'npm ci --omit=dev' })
})

test('the escape directive changes how lines are continued', () => {
  const { instructions: found, escape } = parseDockerfile('# escape=`\nFROM node\nRUN echo a `\n  b C:\\\n')
  expect(escape).toBe('`')
  expect(found[1]?.args).toBe('echo a   b C:\\')
})

test('keywords may be in lower case, lines may end as on Windows, and a byte order mark is no instruction', () => {
  const found = instructions('\uFEFFfrom node\r\nrun echo \\\r\n  hi\r\n')
  expect(found.map(({ keyword, args }) => [keyword, args])).toEqual([
    ['FROM', 'node'],
    ['RUN', 'echo   hi'],
  ])
})

test('what is not valid JSON is a shell command', () => {
  expect(instructions(`CMD ['node', 's.js']`)[0]?.json).toBeUndefined()
  expect(instructions('CMD [ "node", "a\\"b" ]')[0]?.json).toEqual(['node', 'a"b'])
})

test.each([
  ['', 'cannot be empty'],
  ['# only a comment\n', 'cannot be empty'],
  ['FROM node\nFETCH x\n', 'dockerfile parse error line 2: unknown instruction: FETCH'],
  ['FROM node\nRUN\n', 'dockerfile parse error line 2: RUN requires at least one argument'],
  ['FROM node\nRUN <<EOF\necho hi\nEOF\n', 'dockerfile parse error line 2: here-documents need BuildKit'],
])('%j is refused', (text, message) => {
  expect(() => parseDockerfile(text)).toThrow(message)
})
