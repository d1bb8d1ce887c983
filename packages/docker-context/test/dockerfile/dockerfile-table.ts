import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Context } from '../builder/context.ts'
import { type ImageConfig } from '../builder/engine-api.ts'

/** A line of `cases/dockerfiles.jsonl`: what BuildKit of Docker 26.1.5 made of a Dockerfile, and what its container said. */
export interface DockerfileCase {
  name: string
  dockerfile: string
  files?: Record<string, string | 1 | { link: string } | { mode: number } | { b64: string }>
  /** Why the builder refused it. */
  refused?: string
  exit?: number
  config?: TableConfig
  /** What stands below /app, /x, /srv and /data. */
  tree?: Record<string, string>
  /** What `report.cjs` printed, when the container came that far. */
  seen?: { env: Record<string, string>; cwd: string; argv: string[]; uid: number }
}

export interface TableConfig {
  User: string
  Cmd: string[] | null
  Entrypoint: string[] | null
  WorkingDir: string
  Env: string[]
  Ports: string[]
  Volumes: string[]
}

export const dockerfileTable: DockerfileCase[] = readFileSync(
  join(import.meta.dirname, '../cases/dockerfiles.jsonl'),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as DockerfileCase)

/** The application of the table's Dockerfiles: it tells what it was started with. */
const REPORT = `const { HOSTNAME, ...env } = process.env
console.log(JSON.stringify({ env, cwd: process.cwd(), argv: process.argv.slice(1), uid: process.getuid() }))
`

/** What the builder finds in the directory. */
export function contextOfCase({ dockerfile, files = {} }: DockerfileCase): Context {
  const context: Context = { 'report.cjs': REPORT, Dockerfile: dockerfile }
  for (const [path, file] of Object.entries(files)) {
    if (file === 1) context[path] = { directory: true }
    else context[path] = typeof file === 'object' && 'b64' in file ? Buffer.from(file.b64, 'base64') : file
  }
  return context
}

/** An image's configuration in the table's form. */
export const tableConfigOf = (config: ImageConfig): TableConfig => ({
  User: config.User ?? '',
  Cmd: config.Cmd ?? null,
  Entrypoint: config.Entrypoint ?? null,
  WorkingDir: config.WorkingDir ?? '',
  Env: config.Env ?? [],
  Ports: Object.keys(config.ExposedPorts ?? {}).sort(),
  Volumes: Object.keys(config.Volumes ?? {}).sort(),
})
