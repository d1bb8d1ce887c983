import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EmulatorError } from '../errors.ts'

/** Not LocalStack's 4566: both may run on one machine. */
export const DEFAULT_PORT = 4780

const LOOPBACK = '127.0.0.1'

/** Which ports to try: the one that was asked for and no other, or each of `preferred` and at last any free one. */
export interface PortChoice {
  exact?: number
  preferred: number[]
}

/** Listens on loopback and gives the port. Throws EmulatorError `PortInUse` or `PortNotAllowed`, naming the port that was asked for. */
export async function listenOnLoopback(server: Server, { exact, preferred }: PortChoice): Promise<number> {
  if (exact !== undefined) {
    const refusal = await tryPort(server, exact)
    if (refusal) throw refused(exact, refusal)
    return portOf(server)
  }
  for (const port of preferred) if (!(await tryPort(server, port))) return portOf(server)
  const refusal = await tryPort(server, 0)
  if (refusal) throw refused(0, refusal)
  return portOf(server)
}

const portOf = (server: Server) => (server.address() as AddressInfo).port

function tryPort(server: Server, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => {
      server.off('listening', listening)
      resolve(error)
    }
    const listening = () => {
      server.off('error', failed)
      resolve(undefined)
    }
    server.once('error', failed)
    server.once('listening', listening)
    server.listen(port, LOOPBACK)
  })
}

function refused(port: number, cause: NodeJS.ErrnoException): EmulatorError {
  if (cause.code === 'EADDRINUSE') {
    return new EmulatorError('PortInUse', `Port ${port} is in use by another program.`, { cause })
  }
  return new EmulatorError('PortNotAllowed', `Port ${port} can't be listened on: ${cause.message}.`, {
    cause,
  })
}
