import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { JSONPath, Node, ParseError } from 'jsonc-parser'
import type { z } from 'zod'
import { excerpt, positionAt, type Position } from './position.ts'
import { nearest } from './nearest.ts'
import { isUtf16 } from './utf16.ts'

/** Something that is wrong in a JSON document, with its place. */
export interface JsonProblem {
  /** One sentence without the place, such as `unknown key "sorce"; did you mean "source"?`. */
  message: string
  position: Position
  /** The line and a caret below the place. */
  excerpt: string[]
}

/** Reads strict JSON (no comments, no trailing comma, no key twice) and gives its value checked by a schema, or the first problem. */
export function readJson<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
): { value: z.infer<Schema>; positionOf: (path: JSONPath) => Position } | { problem: JsonProblem } {
  const problemAt = (message: string, offset: number): { problem: JsonProblem } => {
    const position = positionAt(text, offset)
    return { problem: { message, position, excerpt: excerpt(text, position) } }
  }
  if (isUtf16(text)) return problemAt('the file is in UTF-16; save it as UTF-8', 0)
  const errors: ParseError[] = []
  const tree = parseTree(text, errors, {
    disallowComments: true,
    allowTrailingComma: false,
    allowEmptyContent: false,
  })
  const error = errors[0]
  if (error) return problemAt(inWords(printParseErrorCode(error.error)), error.offset)
  if (!tree) return problemAt('the file is empty', 0)
  const twice = keyTwice(tree)
  if (twice) return problemAt(`key ${JSON.stringify(twice.value)} stands here a second time`, twice.offset)

  const checked = schema.safeParse(getNodeValue(tree))
  const offsetOf = (path: JSONPath) => nearestNode(tree, path).offset
  if (checked.success) return { value: checked.data, positionOf: (path) => positionAt(text, offsetOf(path)) }
  const issue = checked.error.issues[0] as z.core.$ZodIssue
  const path = issue.path as JSONPath
  if (issue.code !== 'unrecognized_keys') return problemAt(`${nameOf(path)}${issue.message}`, offsetOf(path))
  const unknown = issue.keys[0] as string
  return problemAt(unknownKey(unknown, schema, path), keyOffset(tree, [...path, unknown]))
}

/** `InvalidSymbol` → `invalid symbol`. */
function inWords(code: string): string {
  return code.replace(/(?!^)[A-Z]/g, ' $&').toLowerCase()
}

function nameOf(path: JSONPath): string {
  return path.length === 0 ? '' : `"${path.join('.')}": `
}

function unknownKey(key: string, schema: z.ZodType, path: JSONPath): string {
  const known = keysAt(schema, path)
  const meant = nearest(key, known)
  const mend = meant ? `did you mean "${meant}"?` : `known here: ${known.join(', ')}`
  return `unknown key "${key}"; ${mend}`
}

/** The keys that a schema knows at a path. */
function keysAt(schema: z.ZodType, path: JSONPath): string[] {
  const steps = schema as unknown as {
    unwrap?(): z.ZodType
    shape?: Record<string, z.ZodType>
    valueType?: z.ZodType
  }
  if (steps.shape === undefined && steps.unwrap) return keysAt(steps.unwrap(), path)
  const [step, ...rest] = path
  if (step === undefined) return Object.keys(steps.shape ?? {})
  const next = steps.shape?.[String(step)] ?? steps.valueType
  return next ? keysAt(next, rest) : []
}

function keyTwice(node: Node): Node | undefined {
  if (node.type === 'object') {
    const seen = new Set<unknown>()
    for (const property of node.children ?? []) {
      const key = property.children?.[0]
      if (key && seen.has(key.value)) return key
      seen.add(key?.value)
    }
  }
  for (const child of node.children ?? []) {
    const found = keyTwice(child)
    if (found) return found
  }
  return undefined
}

/** The node of a path, or the closest one above that exists. */
function nearestNode(tree: Node, path: JSONPath): Node {
  return findNodeAtLocation(tree, path) ?? (path.length > 0 ? nearestNode(tree, path.slice(0, -1)) : tree)
}

function keyOffset(tree: Node, path: JSONPath): number {
  return findNodeAtLocation(tree, path)?.parent?.children?.[0]?.offset ?? nearestNode(tree, path).offset
}
