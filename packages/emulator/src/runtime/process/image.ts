import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'

const configSchema = z.object({
  /** As the Dockerfile has it: paths are the container's. */
  env: z.record(z.string(), z.string()),
  workdir: z.string(),
  user: z.string(),
  /** null: the Node image's own, which runs a file name or an option with `node`. */
  entrypoint: z.array(z.string()).nullable(),
  cmd: z.array(z.string()).nullable(),
  shell: z.array(z.string()),
  /** As an engine has them, in the Dockerfile's order: `8080/tcp`. */
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()),
  stopSignal: z.string(),
  healthcheck: z.string().nullable(),
})

/** What an image says about how its containers run. */
export type ImageConfig = z.infer<typeof configSchema>

/** Where an image's directory keeps its file system. */
export const rootOf = (image: string): string => join(image, 'root')
export const configOf = (image: string): string => join(image, 'image.json')

export async function readImageConfig(image: string): Promise<ImageConfig> {
  return configSchema.parse(JSON.parse(await readFile(configOf(image), 'utf8')))
}

/** The ports that the platform's proxy can forward to. */
export const tcpPortsOf = ({ ports }: ImageConfig): number[] =>
  ports.filter((port) => port.endsWith('/tcp')).map((port) => Number.parseInt(port, 10))

const STANDARD_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** What the official Node image says of itself, with the version of the Node that will really run. */
export function nodeBaseConfig(nodeVersion: string): ImageConfig {
  return {
    env: { PATH: STANDARD_PATH, NODE_VERSION: nodeVersion },
    workdir: '',
    user: '',
    entrypoint: null,
    cmd: ['node'],
    shell: ['/bin/sh', '-c'],
    ports: [],
    volumes: [],
    stopSignal: 'SIGTERM',
    healthcheck: null,
  }
}
