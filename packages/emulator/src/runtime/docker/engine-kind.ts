import * as z from 'zod'
import type { Engine } from '../engine.ts'

/** What an engine is, as far as bundles notice. */
export interface EngineKind {
  /** `Docker 26.1.5`, `Podman 5.4.2`. */
  name: string
  apiVersion: string
  podman: boolean
  /** One sentence about how its builds differ from AWS's; undefined when they don't. */
  differs: string | undefined
}

const versionSchema = z.object({
  Version: z.string(),
  ApiVersion: z.string(),
  Components: z.array(z.object({ Name: z.string() })).optional(),
})

/** The first version of the API whose BuildKit knows heredocs, `COPY --link` and `${X#y}`: Docker 23's. */
const MODERN_API = 1.42

/** Asks an engine what it is. Which builder it has is told by its name: of the engines that there are, Podman alone has no BuildKit. */
export async function askKind(engine: Engine): Promise<EngineKind> {
  const { Version, ApiVersion, Components } = await engine.json(versionSchema, 'GET', '/version')
  const podman = Components?.some(({ Name }) => /podman/i.test(Name)) === true
  const name = `${podman ? 'Podman' : 'Docker'} ${Version}`
  return { name, apiVersion: ApiVersion, podman, differs: differenceOf(name, podman, Number(ApiVersion)) }
}

function differenceOf(name: string, podman: boolean, apiVersion: number): string | undefined {
  if (podman) {
    return `${name} has no BuildKit, with which AWS would build this: a Dockerfile can come out differently there, and every step runs anew at each deploy here.`
  }
  if (apiVersion < MODERN_API) {
    return `The BuildKit of ${name} is older than the one that AWS would build this with: it knows no heredocs (RUN <<EOF), COPY --link or \${NAME#pattern}.`
  }
  return undefined
}
