import { afterAll, beforeAll, expect, test } from 'vitest'
import { addNodeImage } from '../builder/base-image.ts'
import { Builder } from '../builder/builder.ts'
import { Container } from '../builder/container.ts'
import { contextOfCase, dockerfileTable, tableConfigOf, type DockerfileCase } from './dockerfile-table.ts'

const builder = new Builder()
beforeAll(() => addNodeImage(builder), 120_000)
afterAll(() => builder.close())

/** The name of the snapshot that was searched is another in every build. */
const withoutNames = (refused: string) => refused.replace(/ of ref \S+:/, ' of ref …:')

/** Of two files the table has the digest only of the text that they had when it was made: the application, and the base image's entry point. */
const withoutOurs = (tree: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(tree).map(([path, what]) => [
      path,
      /(^|\/)(report\.cjs|docker-entrypoint\.sh)$/.test(path) ? what.replace(/[0-9a-f]{8}$/, '…') : what,
    ]),
  )

const wantedOf = ({ refused, exit, config, tree = {}, seen }: DockerfileCase) =>
  refused === undefined ? { exit, config, tree: withoutOurs(tree), seen } : { refused: withoutNames(refused) }

async function answerOf(wanted: DockerfileCase) {
  const built = await builder.imageOf(contextOfCase(wanted))
  if ('refused' in built) return { refused: withoutNames(built.refused) }
  const container = await Container.of(builder.socket, built.id)
  try {
    // A container that starts makes its working directory, so the tree is read after it.
    const { exit, output } = await container.run()
    const tree = withoutOurs(await container.tree(['/app', '/x', '/srv', '/data']))
    const [report = ''] = output.split('\n')
    const seen = wanted.seen && (JSON.parse(report) as DockerfileCase['seen'])
    return { exit, config: tableConfigOf(built.config), tree, seen }
  } finally {
    await container.remove()
  }
}

test.concurrent.each(dockerfileTable)('BuildKit answers what the table says of: $name', async (line) => {
  expect(await answerOf(line)).toEqual(wantedOf(line))
})
