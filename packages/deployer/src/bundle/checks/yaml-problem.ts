import { parseAllDocuments } from 'yaml'

/** Where a text is neither YAML nor JSON, and why, in the parser's words. */
export interface YamlProblem {
  line: number
  why: string
}

/** The first problem of a text as Beanstalk reads it: YAML 1.1, where a key may stand twice; undefined when there is none. */
export function yamlProblem(text: string): YamlProblem | undefined {
  const documents = parseAllDocuments(text, { version: '1.1', uniqueKeys: false, prettyErrors: true })
  const error = [...documents].flatMap(({ errors }) => errors)[0]
  if (!error) return undefined
  const why = (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?\s*$/, '')
  return { line: error.linePos?.[0].line ?? 1, why }
}
