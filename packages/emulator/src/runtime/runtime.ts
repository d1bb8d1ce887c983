/** What a build left behind that containers are started from. Plain data: it is kept in the state file. */
export interface BuiltImage {
  /** The engine's image id, or the directory of the process runtime. */
  ref: string
  /** Ports of EXPOSE, in the order of the Dockerfile; empty when there is none. */
  exposedPorts: number[]
}

/** A started container. Plain data: it is kept in the state file, so that it is found again after a kill -9 of the server. */
export interface Container {
  /** The engine's container id, or `<pid>:<start time>` of the process. */
  id: string
  /** Where the application is reached from this machine. Nothing listens there when the application doesn't listen on `port` on all addresses. */
  host: string
  hostPort: number
}

export type ContainerState =
  { running: true } | { running: false; exitCode: number | null; oomKilled: boolean }

export interface BuildOptions {
  /** The unpacked bundle: the build context, with its Dockerfile at the root. */
  sourceDir: string
  /** A name that is unique among images, such as `lucree/i-0abc/staging-app`. */
  name: string
  /** Called with each line of the build's output. */
  log: (line: string) => void
  signal: AbortSignal
}

export interface PullOptions {
  image: string
  /** An image of this name that is there already does: Dockerrun's `Update` is false. */
  onlyIfMissing: boolean
  log: (line: string) => void
  signal: AbortSignal
}

export interface StartOptions {
  image: BuiltImage
  /** Unique, recognisable in `docker ps`: `eb-<environment id>-<instance id>-<deployment id>`. */
  name: string
  /** What the container gets, byte for byte: the environment's properties as `docker run --env-file` reads them. */
  env: Record<string, string>
  /** The container port that the proxy forwards to. */
  port: number
  /** From Dockerrun v1; `command` is appended to the entry point. */
  entrypoint?: string
  command?: string
  /** From Dockerrun v1. */
  volumes?: { hostDirectory: string; containerDirectory: string }[]
  /** File that gets all that the application writes to stdout and stderr (mode 0600). */
  outputFile: string
  signal: AbortSignal
}

/** How an instance of the platform builds and runs what a bundle holds. Two implementations: an engine that speaks Docker's API, and processes of this machine. */
export interface Runtime {
  readonly name: 'docker' | 'process'
  /** One line about the engine for people: name, version, what it can't do. */
  describe(): Promise<string>
  /** Builds the Dockerfile. Throws {@link BuildFailed} when the Dockerfile is at fault. */
  build(options: BuildOptions): Promise<BuiltImage>
  /** Fetches an image by name (Dockerrun v1 with Image). Throws {@link BuildFailed}; the process runtime can't and says so. */
  pull(options: PullOptions): Promise<BuiltImage>
  start(options: StartOptions): Promise<Container>
  inspect(container: Container): Promise<ContainerState>
  /** SIGTERM, then SIGKILL after `graceMs`; resolves when it is gone, also when it was gone before. */
  stop(container: Container, graceMs: number): Promise<void>
  /** Whether an image is still there: people tidy up their engines. */
  has(image: BuiltImage): Promise<boolean>
  removeImage(image: BuiltImage): Promise<void>
  /** Ends and removes whatever an earlier server on this state directory started, except `keep`; with `images` also what it built, except those. */
  sweep(keep: Container[], images?: BuiltImage[]): Promise<void>
  /** Takes away what lies outside of the state directory, at a clean end, when nothing runs any more. The next server builds it again. */
  leave(): Promise<void>
  /** Sockets that the container listens on, as seen from inside; what a wrong port or 127.0.0.1 is recognised by. */
  listening(container: Container): Promise<{ address: string; port: number }[]>
}

/** The application's own fault while it was built or pulled; the last lines of the output say why. */
export class BuildFailed extends Error {
  override readonly name = 'BuildFailed'
  readonly phase: 'build' | 'pull'
  constructor(phase: 'build' | 'pull', message: string, options?: ErrorOptions) {
    super(message, options)
    this.phase = phase
  }
}
