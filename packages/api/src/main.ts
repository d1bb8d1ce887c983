import 'reflect-metadata'
import { NestFactory } from '@nestjs/core'
import { type NestFastifyApplication } from '@nestjs/platform-fastify'
import { AppModule } from './app.module.ts'
import { ConfigError, readConfig } from './config/config.ts'
import { httpServer, nestOptions, secureHeaders } from './http/server.ts'
import { lineOutput } from './http/output.ts'
import { stopOnSignal } from './http/stop.ts'

try {
  const config = readConfig(process.env)
  const server = await httpServer({ ...config, output: lineOutput(process.stdout) })
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.for(config),
    server,
    nestOptions(server),
  )
  secureHeaders(app)
  stopOnSignal(app)
  await app.listen({ port: config.port, host: config.host })
} catch (error) {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : String((error as Error)?.stack ?? error)}\n`,
  )
  process.exitCode = error instanceof ConfigError ? error.exitCode : 1
}
