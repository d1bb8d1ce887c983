import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { Builder, type Refusal } from '../builder/builder.ts'
import { answersTo, runs } from '../builder/runs.ts'
import { generatedDockerfiles } from './generated-dockerfiles.ts'
import { plannedImage, wordsOfImage, type ImageWords } from './planned-image.ts'

const builder = new Builder()
afterAll(() => builder.close())

/** Of two names that are as near BuildKit proposes now one and now the other. */
const withoutProposal = (refused: string) => refused.replace(/ \(did you mean .*\?\)$/, '')

/** Said of files and processes while a build runs, and so nothing that the library knows. */
const whileRunning = /^(process "|invalid user index)/

async function builderSays(dockerfile: string): Promise<ImageWords | Refusal> {
  const built = await builder.imageOf({ Dockerfile: dockerfile })
  return 'refused' in built ? built : wordsOfImage(built.config)
}

test('the library expands and refuses as BuildKit does, in its words, whatever the Dockerfile', async () => {
  const { seed, numRuns } = runs(200)
  const dockerfiles = fc.sample(generatedDockerfiles, { seed, numRuns })
  const answers = await answersTo(dockerfiles, builderSays)
  // Asked beforehand and several at once; what the search for a smaller case makes is asked one by one.
  const known = new Map(dockerfiles.map((each, index) => [each, answers[index]]))
  const agrees = async (dockerfile: string) => {
    const wanted = known.get(dockerfile) ?? (await builderSays(dockerfile))
    const said = plannedImage(dockerfile)
    if (!('refused' in wanted)) expect(said).toEqual(wanted)
    else if (whileRunning.test(wanted.refused)) expect(said).not.toHaveProperty('refused')
    else expect('refused' in said && withoutProposal(said.refused)).toBe(withoutProposal(wanted.refused))
  }
  await fc.assert(fc.asyncProperty(generatedDockerfiles, agrees), { seed, numRuns })
}, 900_000)
