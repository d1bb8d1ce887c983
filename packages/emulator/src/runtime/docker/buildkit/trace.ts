import { BinaryReader } from '@bufbuild/protobuf/wire'

/** One step of a build, as it stands. */
export interface Vertex {
  digest: string
  /** `[2/4] RUN npm ci`, `[internal] load build definition from Dockerfile`. */
  name: string
  cached: boolean
  /** Milliseconds since 1970; undefined when it has not begun, or ended. */
  started: number | undefined
  completed: number | undefined
  /** Empty unless it failed. */
  error: string
}

/** Some of what a step wrote; may be cut within a line. */
export interface VertexLog {
  vertex: string
  /** Milliseconds since 1970. */
  at: number
  text: Uint8Array
}

export interface BuildStatus {
  vertexes: Vertex[]
  logs: VertexLog[]
}

type Fields = Record<number, (reader: BinaryReader) => void>

/** Reads `moby.buildkit.v1.StatusResponse` of api/services/control/control.proto, which the engine sends as `moby.buildkit.trace`. */
export function readStatus(bytes: Uint8Array): BuildStatus {
  const status: BuildStatus = { vertexes: [], logs: [] }
  read(bytes, {
    1: (reader) => status.vertexes.push(readVertex(reader.bytes())),
    3: (reader) => status.logs.push(readLog(reader.bytes())),
  })
  return status
}

function readVertex(bytes: Uint8Array): Vertex {
  const vertex: Vertex = {
    digest: '',
    name: '',
    cached: false,
    started: undefined,
    completed: undefined,
    error: '',
  }
  read(bytes, {
    1: (reader) => (vertex.digest = reader.string()),
    3: (reader) => (vertex.name = reader.string()),
    4: (reader) => (vertex.cached = reader.bool()),
    5: (reader) => (vertex.started = readTime(reader.bytes())),
    6: (reader) => (vertex.completed = readTime(reader.bytes())),
    7: (reader) => (vertex.error = reader.string()),
  })
  return vertex
}

function readLog(bytes: Uint8Array): VertexLog {
  const log: VertexLog = { vertex: '', at: 0, text: new Uint8Array() }
  read(bytes, {
    1: (reader) => (log.vertex = reader.string()),
    2: (reader) => (log.at = readTime(reader.bytes())),
    4: (reader) => (log.text = reader.bytes()),
  })
  return log
}

/** `google.protobuf.Timestamp`, in milliseconds. */
function readTime(bytes: Uint8Array): number {
  let [seconds, nanos] = [0, 0]
  read(bytes, {
    1: (reader) => (seconds = Number(reader.int64())),
    2: (reader) => (nanos = reader.int32()),
  })
  return seconds * 1000 + nanos / 1e6
}

function read(bytes: Uint8Array, fields: Fields): void {
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    const known = fields[field]
    if (known) known(reader)
    else reader.skip(wireType, field)
  }
}
