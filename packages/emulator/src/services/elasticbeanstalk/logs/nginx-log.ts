/** Whose request nginx complains of. */
export interface Complained {
  method: string
  path: string
  httpVersion: string
  at: Date
}

/** A line of nginx's error log. `port` is the container's. */
export function complaint(
  reason: string,
  { method, path, httpVersion, at }: Complained,
  port: number,
): string {
  const stamp = at.toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')
  const upstream = `upstream: "http://172.17.0.2:${port}${path}"`
  return `${stamp} [error] 1#1: *1 ${reason}, client: 127.0.0.1, server: , request: "${method} ${path} HTTP/${httpVersion}", ${upstream}, host: "127.0.0.1"\n`
}

/** The line when its application doesn't take the connection of a health check. */
export function refusedConnection(path: string, port: number, at: Date): string {
  const reason = 'connect() failed (111: Connection refused) while connecting to upstream'
  return complaint(reason, { method: 'GET', path, httpVersion: '1.1', at }, port)
}
