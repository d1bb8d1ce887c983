import * as z from 'zod'

const port = z
  .union([z.number().int(), z.string().regex(/^\d+$/)])
  .transform(Number)
  .pipe(z.number().min(1).max(65_535))
const words = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => (typeof given === 'string' ? given : given.join(' ')))

const fileSchema = z.object({
  AWSEBDockerrunVersion: z.union([z.string(), z.number()]).transform(String),
  Image: z
    .object({
      Name: z.string().min(1),
      Update: z
        .union([z.boolean(), z.string()])
        .optional()
        .transform((update) => String(update ?? 'true') !== 'false'),
    })
    .optional(),
  Ports: z.array(z.object({ ContainerPort: port, HostPort: port.optional() })).optional(),
  Volumes: z.array(z.object({ HostDirectory: z.string(), ContainerDirectory: z.string() })).optional(),
  Logging: z.string().optional(),
  Entrypoint: words.optional(),
  Command: words.optional(),
  Authentication: z.object({ Bucket: z.string(), Key: z.string() }).optional(),
})

/** A Dockerrun.aws.json of version 1, as far as the platform acts on it. */
export interface Dockerrun {
  image?: string
  /** Whether each deployment pulls the image, also when the instance has it. */
  update: boolean
  /** Container ports; the proxy forwards to the first. */
  ports: number[]
  volumes: { hostDirectory: string; containerDirectory: string }[]
  /** Directory in the container that logs are written to. */
  logging?: string
  entrypoint?: string
  command?: string
  hasAuthentication: boolean
}

/** Throws an Error whose message says in one sentence what the platform says of the file. */
export function parseDockerrun(text: string): Dockerrun {
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw new Error('Dockerrun.aws.json is not valid JSON format,', { cause })
  }
  const version = z.object({ AWSEBDockerrunVersion: z.unknown() }).safeParse(json).data?.AWSEBDockerrunVersion
  if (String(version) !== '1') throw new Error('Invalid Dockerrun.aws.json version,')
  const parsed = fileSchema.safeParse(json)
  if (!parsed.success) throw new Error(`Invalid Dockerrun.aws.json: ${describeIssue(parsed.error)},`)
  return readFile(parsed.data)
}

function readFile(file: z.infer<typeof fileSchema>): Dockerrun {
  return {
    ...(file.Image && { image: file.Image.Name }),
    update: file.Image?.Update ?? true,
    ports: (file.Ports ?? []).map(({ ContainerPort }) => ContainerPort),
    volumes: (file.Volumes ?? []).map(({ HostDirectory, ContainerDirectory }) => ({
      hostDirectory: HostDirectory,
      containerDirectory: ContainerDirectory,
    })),
    ...(file.Logging !== undefined && { logging: file.Logging }),
    ...(file.Entrypoint !== undefined && { entrypoint: file.Entrypoint }),
    ...(file.Command !== undefined && { command: file.Command }),
    hasAuthentication: file.Authentication !== undefined,
  }
}

function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0]!
  return `${issue.path.join('.')} ${issue.message}`
}
