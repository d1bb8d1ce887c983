import { operationOf, requiredMembers, type Operation, type Schema } from '../schema.ts'

/** What of a request decides which operation it calls. */
export interface Addressed {
  method: string
  /** Whether the request names a bucket, and a key in it. */
  bucket: boolean
  key: boolean
  query: URLSearchParams
  hasHeader: (name: string) => boolean
}

interface Route {
  operation: Operation
  method: string
  bucket: boolean
  key: boolean
  /** `?uploads`, `?list-type=2`: fixed parts of the operation's path. */
  fixed: [name: string, value: string][]
  /** Query parameters and headers that its input can't do without: they tell UploadPart from PutObject. */
  needed: { query: string[]; headers: string[] }
}

/** Finds the operation of a request among those of a model, by its http traits alone. */
export function router(schemas: Record<string, unknown>): (request: Addressed) => Operation | undefined {
  const routes = Object.values(schemas)
    .map(operationOf)
    .flatMap((operation) => routeOf(operation) ?? [])
    .sort((a, b) => weight(b) - weight(a))
  return (request) => routes.find((route) => fits(route, request))?.operation
}

/** A route that asks for more is tried before one that asks for less. */
const weight = ({ fixed, needed }: Route) => fixed.length + needed.query.length + needed.headers.length

function routeOf(operation: Operation): Route | undefined {
  if (!operation.http) return undefined
  const [path = '', search = ''] = operation.http.path.split('?')
  const members = operation.input.isStructSchema() ? operation.input.getMemberSchemas() : {}
  const traits = requiredMembers(operation.input).map((name) => (members[name] as Schema).getMergedTraits())
  return {
    operation,
    method: operation.http.method,
    bucket: Object.hasOwn(members, 'Bucket'),
    key: path.includes('{Key+}'),
    // `x-id` is there for people who read logs; nobody has to send it
    fixed: [...new URLSearchParams(search)].filter(([name]) => name !== 'x-id'),
    needed: {
      query: traits.flatMap(({ httpQuery }) => httpQuery ?? []),
      headers: traits.flatMap(({ httpHeader }) => httpHeader ?? []),
    },
  }
}

function fits(route: Route, request: Addressed): boolean {
  return (
    route.method === request.method &&
    route.bucket === request.bucket &&
    route.key === request.key &&
    route.fixed.every(
      ([name, value]) => request.query.has(name) && (!value || request.query.get(name) === value),
    ) &&
    route.needed.query.every((name) => request.query.has(name)) &&
    route.needed.headers.every((name) => request.hasHeader(name))
  )
}
