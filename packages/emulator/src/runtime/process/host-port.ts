import { createServer } from 'node:net'

/** Below the ranges that Linux and macOS take outgoing connections' ports from, so that none of those can come in between. */
const FIRST = 20_000
const SPAN = 12_000

/**
 * Where the search goes on. An application listens a while after its port was found free, so two servers of this machine must not
 * find the same one: each begins elsewhere, and none asks for the same port twice in a row.
 */
let cursor = (process.pid * 97) % SPAN

/** A port of 127.0.0.1 that nobody listens on and that isn't in `taken`. */
export async function freePort(taken: ReadonlySet<number>): Promise<number> {
  for (let attempt = 0; attempt < SPAN; attempt++) {
    const port = FIRST + cursor
    cursor = (cursor + 1) % SPAN
    if (!taken.has(port) && (await canListen(port))) return port
  }
  throw new Error(`no free port between ${FIRST} and ${FIRST + SPAN} on 127.0.0.1`)
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(false) : reject(error),
    )
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}
