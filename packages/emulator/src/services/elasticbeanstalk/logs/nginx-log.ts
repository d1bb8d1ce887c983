/** The line of nginx's error log when its application doesn't take a connection. `port` is the container's. */
export function refusedConnection(path: string, port: number, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')
  const upstream = `upstream: "http://172.17.0.2:${port}${path}"`
  const reason = 'connect() failed (111: Connection refused) while connecting to upstream'
  return `${stamp} [error] 1#1: *1 ${reason}, client: 127.0.0.1, server: , request: "GET ${path} HTTP/1.1", ${upstream}, host: "127.0.0.1"\n`
}
