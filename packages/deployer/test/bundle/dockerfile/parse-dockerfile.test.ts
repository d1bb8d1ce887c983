import { describe, expect, test } from 'vitest'
import { parseDockerfile } from '../../../src/bundle/dockerfile/parse-dockerfile.ts'

/** Values of the words of each instruction of the last stage with this keyword. */
function words(text: string, keyword = 'COPY') {
  const stage = parseDockerfile(text).stages.at(-1)
  return stage?.instructions
    .filter((one) => one.keyword === keyword)
    .map((one) => one.words.map(({ value }) => value))
}

describe('a Dockerfile is read as docker reads it:', () => {
  test('words, flags, the exec form, comments inside an instruction, and its line', () => {
    const text = `FROM a
COPY --chown=1:1 a \\
  # a comment
  b ./
copy ["a b", "c"]
COPY ["broken, c]
`
    const instructions = parseDockerfile(text).stages[0]?.instructions ?? []
    expect(words(text)).toEqual([
      ['a', 'b', './'],
      ['a b', 'c'],
      ['["broken,', 'c]'],
    ])
    expect(instructions.map(({ line }) => line)).toEqual([2, 5, 6])
    expect(instructions[0]?.flags).toEqual(['--chown=1:1'])
  })

  test('the text of a heredoc is no instruction and no word', () => {
    const text = 'FROM a\nCOPY <<EOF /x\nCOPY no such\nEXPOSE 9\nEOF\nRUN <<EOF\nEXPOSE 9\nEOF\nEXPOSE 1\n'
    expect(words(text)).toEqual([['<<EOF', '/x']])
    expect(words(text, 'EXPOSE')).toEqual([['1']])
  })

  test('an ARG before the first FROM counts in a stage that declares it again, and only there', () => {
    expect(words('ARG V=1\nFROM a\nCOPY $V x', 'COPY')).toEqual([[undefined, 'x']])
    expect(words('ARG V=1\nFROM a\nARG V\nCOPY $V x', 'COPY')).toEqual([['1', 'x']])
    expect(words('FROM a\nARG V\nCOPY a$V x', 'COPY')).toEqual([['a', 'x']])
  })

  test('an ENV wins over an ARG, and reaches the stages that are built from its own', () => {
    expect(words('FROM a AS Base\nENV A=1 B=$A\nENV B=2$A\nFROM base\nARG A=9\nCOPY $A$B x', 'COPY')).toEqual(
      [['121', 'x']],
    )
    expect(words('FROM a AS base\nENV A=1\nFROM b\nCOPY $A x', 'COPY')).toEqual([[undefined, 'x']])
  })

  test('another escape character, CRLF and a byte order mark', () => {
    expect(words('# escape=`\r\nFROM a\r\nCOPY a `\r\n  b x\r\n')).toEqual([['a', 'b', 'x']])
    expect(words('\ufeffFROM a\nCOPY a b\n')).toEqual([['a', 'b']])
  })

  test('nothing at all', () => {
    expect(parseDockerfile('')).toEqual({ stages: [], syntaxLine: undefined })
    expect(parseDockerfile('# only\n\n').stages).toEqual([])
  })
})
