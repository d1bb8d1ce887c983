import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { EngineError, type Engine } from '../engine.ts'
import { BuildFailed, type BuiltImage, type PullOptions } from '../runtime.ts'
import { followed, followOutput } from './build-output.ts'

const imageSchema = z.object({
  Config: z.object({ ExposedPorts: z.record(z.string(), z.unknown()).nullish() }).nullish(),
})
const listSchema = z.array(z.object({ Id: z.string(), RepoTags: z.array(z.string()).nullish() }))

const pathOf = (ref: string) => `/images/${encodeURIComponent(ref)}`

/** The images of one state directory: those that it built have its label, those that it pulled a name with its id. */
export class ImageStore {
  readonly #engine: Engine
  #pulling: Promise<unknown> = Promise.resolve()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Fetches an image, under a name of ours. One that was there before stays as it was; of one that wasn't, no other name is left. Throws {@link BuildFailed}. */
  async pull(options: PullOptions, stateId: string): Promise<string> {
    // One at a time: two of the same name would take it away from each other.
    const pulled = this.#pulling.then(() => this.#pull(options, stateId))
    this.#pulling = pulled.catch(() => undefined)
    return pulled
  }

  async #pull({ image, onlyIfMissing, log, signal }: PullOptions, stateId: string): Promise<string> {
    const fromImage = fullName(image)
    const present = await this.has(fromImage)
    if (!present || !onlyIfMissing) {
      const query = { fromImage }
      const failure = await followed(this.#engine, '/images/create', { query, signal }, (output) =>
        followOutput(output, log),
      )
      if (failure !== undefined) {
        log(failure)
        throw new BuildFailed('pull', failure)
      }
    }
    const [repo, tag] = [pulledBy(stateId), randomBytes(6).toString('hex')]
    await this.#engine.done('POST', `${pathOf(fromImage)}/tag`, { query: { repo, tag } })
    if (!present) await this.remove(fromImage)
    return `${repo}:${tag}`
  }

  /** Ports that an image exposes (`8080/tcp`), in no order. */
  async exposed(ref: string): Promise<string[]> {
    const { Config } = await this.#engine.json(imageSchema, 'GET', `${pathOf(ref)}/json`)
    return Object.keys(Config?.ExposedPorts ?? {})
  }

  async has(ref: string): Promise<boolean> {
    try {
      await this.#engine.json(imageSchema, 'GET', `${pathOf(ref)}/json`)
      return true
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return false
      throw error
    }
  }

  async remove(ref: string): Promise<void> {
    await this.#engine.done('DELETE', pathOf(ref), { query: { force: '1' } }, [404])
  }

  /** Removes all images of a state directory but those. */
  async sweep(stateId: string, keep: BuiltImage[]): Promise<void> {
    const kept = new Set(keep.map(({ ref }) => ref))
    const filters = [{ label: [labelOf(stateId)] }, { reference: [pulledBy(stateId)] }]
    for (const filter of filters) {
      const query = { all: '1', filters: JSON.stringify(filter) }
      for (const { Id, RepoTags } of await this.#engine.json(listSchema, 'GET', '/images/json', { query })) {
        const names = (RepoTags ?? []).filter((name) => name !== '<none>:<none>')
        const ours = names.map(shortName).filter((name) => name.startsWith('lucree/'))
        // One that lost its last name (a newer one took it) is known by its id alone; one that somebody named otherwise is theirs.
        const unwanted = names.length === 0 ? [Id] : ours.filter((name) => !kept.has(name))
        for (const ref of unwanted) await this.#removeUnused(ref)
      }
    }
  }

  /** What a container of somebody else's was made from stays with it. */
  async #removeUnused(ref: string): Promise<void> {
    await this.#engine.done('DELETE', pathOf(ref), {}, [404, 409])
  }
}

/** The label that everything of a state directory has. */
export const labelOf = (stateId: string): string => `lucree.state=${stateId}`

const pulledBy = (stateId: string): string => `lucree/pulled/${stateId}`

/** Podman shows the registry in the names of images, its own `localhost` too. */
const shortName = (name: string): string => name.replace(/^(?:docker\.io|localhost)\//, '')

/**
 * The whole name of an image, as Docker reads it. Podman, given a short one, would also take a local image of another registry. Without a tag the API
 * would fetch all of them.
 */
function fullName(image: string): string {
  const tagged = /@|:[^/]*$/.test(image) ? image : `${image}:latest`
  const [first = ''] = tagged.split('/', 1)
  if (tagged.includes('/') && (/[.:]/.test(first) || first === 'localhost')) return tagged
  return tagged.includes('/') ? `docker.io/${tagged}` : `docker.io/library/${tagged}`
}
