import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Files of an application by their paths; undefined leaves one out that a working application has. */
export type Files = Record<string, string | undefined>

/** Said by an application that works; evidence of a later operation must not hold it. */
export const EARLIER = 'ready to serve, said by the release before'

export const SERVER = (handler = `response.end('served')`, listen = '8080') => `
const { createServer } = require('node:http')
const server = createServer((request, response) => { ${handler} })
server.listen(${listen}, () => console.log('${EARLIER}'))
process.on('SIGTERM', () => server.close())
`

export const DOCKERFILE = (...last: string[]) => `
FROM public.ecr.aws/docker/library/node:24-slim
WORKDIR /app
COPY . .
${(last.length > 0 ? last : ['EXPOSE 8080', 'CMD ["node", "server.js"]']).join('\n')}
`

/** A directory with an application that works, less what `files` takes away or spoils. */
export async function makeApp(parent: string, name: string, files: Files, environment: object = {}) {
  const dir = join(await mkdtemp(join(parent, 'app-')), name)
  await mkdir(dir)
  await writeFiles(dir, {
    'lucree.json': JSON.stringify({ application: name, environments: { production: environment } }),
    Dockerfile: DOCKERFILE(),
    'server.js': SERVER(),
    ...files,
  })
  return dir
}

export async function writeFiles(dir: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    if (content === undefined) continue
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), content)
  }
}
