import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inspectSource } from '../../../src/bundle/inspect-source.ts'
import { sourceTree, type Tree } from '../source-tree.ts'

/** A Dockerfile, its context, and what BuildKit of Docker 26.1.5 made of it: `refused` in its words, or an image. */
interface TableCase {
  dockerfile: string
  files?: Record<string, string | { link?: string; b64?: string; text?: string }>
  refused?: string
}

const table = new URL('../../../../docker-context/test/cases/dockerfiles.jsonl', import.meta.url)
const cases = readFileSync(table, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as TableCase)
const signal = new AbortController().signal

function treeOf({ dockerfile, files = {} }: TableCase): Tree {
  const contents = Object.entries(files).map(([path, content]): [string, Tree[string]] => {
    if (typeof content === 'string') return [path, content]
    if (content.link !== undefined) return [path, { link: content.link }]
    return [path, content.b64 === undefined ? (content.text ?? '') : Buffer.from(content.b64, 'base64')]
  })
  return { 'report.cjs': '', ...Object.fromEntries(contents), Dockerfile: dockerfile }
}

test('nothing that BuildKit builds is refused, but for want of a port that Beanstalk forwards to', async () => {
  const built = cases.filter(({ refused }) => refused === undefined)
  expect(built.length).toBeGreaterThan(80)
  for (const each of built) {
    const source = await sourceTree(treeOf(each))
    const { findings } = await inspectSource({ source, include: [], projectDir: source, signal })
    const refusals = findings.flatMap(({ refusal }) =>
      refusal && refusal.code !== 'LUC-SOURCE-NO-PORT' ? [`${refusal.message}: ${refusal.why}`] : [],
    )
    expect(refusals, each.dockerfile).toEqual([])
  }
})
