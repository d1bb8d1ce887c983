import { type ModuleMetadata } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import { type NestFastifyApplication } from '@nestjs/platform-fastify'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { type AddressInfo } from 'node:net'
import { AppModule } from '../../src/app.module.ts'
import { readConfig } from '../../src/config/config.ts'
import { httpServer, nestOptions, secureHeaders } from '../../src/http/server.ts'

export const TOKEN = 'segredo-da-casa'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

export interface Ask {
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** The application as main.ts makes it, on a free port of loopback. */
export async function startApi(
  env: Record<string, string> = {},
  imports: ModuleMetadata['imports'] = [],
): Promise<{
  ask: (path: string, options?: Ask) => Promise<Answer>
  app: NestFastifyApplication
}> {
  const config = readConfig({ LUCREE_PASSWD: TOKEN, ...env })
  const server = await httpServer(config)
  server.getInstance().log.level = 'silent'
  const module = await Test.createTestingModule({ imports: [AppModule.for(config), ...imports] }).compile()
  const app = module.createNestApplication<NestFastifyApplication>(server, nestOptions(server))
  secureHeaders(app)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.getHttpServer().address() as AddressInfo
  return { app, ask: (path, options) => askPort(port, path, options) }
}

/** One request over a connection of its own. The path and header values go out as they are: one byte a character. */
export function askPort(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: Ask = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, path, method, headers, agent: false, timeout: 5_000 },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    request.on('timeout', () => request.destroy(new Error('no answer within 5 s')))
    request.on('error', reject)
    request.end(body)
  })
}

/** The header as curl sends it: the token's UTF-8. */
export const withToken = (token: string) => ({
  headers: { authorization: `Token ${Buffer.from(token, 'utf8').toString('latin1')}` },
})
