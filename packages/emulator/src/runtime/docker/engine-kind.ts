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
    return `${name} has no BuildKit, and AWS builds with BuildKit: there the image can come out differently. Here every step runs again at each deploy.`
  }
  if (apiVersion < MODERN_API) {
    return `The BuildKit of ${name} is older than that of AWS: it knows no heredocs (RUN <<EOF), no COPY --link and no \${NAME#pattern}.`
  }
  return undefined
}
