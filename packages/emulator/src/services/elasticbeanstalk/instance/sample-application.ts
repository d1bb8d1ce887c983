import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What the service calls the version of an environment that was created without one. */
export const sampleLabel = 'Sample Application'

const dockerfile = `FROM public.ecr.aws/docker/library/node:24-slim
WORKDIR /app
COPY server.js ./
EXPOSE 8080
CMD ["node", "server.js"]
`

const server = `const { createServer } = require('node:http')

createServer((request, response) => {
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end('Congratulations! Your Docker application is now running on the embedded Elastic Beanstalk.\\n')
}).listen(8080)
`

/** Writes the sample application in the place of a bundle. */
export async function writeSampleApplication(target: string): Promise<void> {
  await mkdir(target, { recursive: true })
  await writeFile(join(target, 'Dockerfile'), dockerfile)
  await writeFile(join(target, 'server.js'), server)
}
