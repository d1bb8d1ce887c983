'use strict'
/**
 * Loaded before the application (NODE_OPTIONS --require) in every Node process of a container of the process runtime: gives it
 * the ports of a container of its own. Plain CommonJS without dependencies, since it runs inside other people's programs,
 * whatever their module system.
 *
 * - the container port on all addresses listens on `127.0.0.1:<hostPort>`, where the load balancer looks for it;
 * - the same port on 127.0.0.1 or by IPv6 only listens on another port that nobody forwards to: unreachable, as in a container;
 * - any other port listens on a free port of 127.0.0.1;
 * - `server.address()` tells the port that the application asked for;
 * - connections of the application to its own ports on loopback find them.
 */
const fs = require('node:fs')
const net = require('node:net')
const path = require('node:path')
const { isMainThread } = require('node:worker_threads')

/** `<pid>:<start time>` as the runtime knows processes; the number alone where there is no /proc. */
function identity() {
  try {
    const stat = fs.readFileSync('/proc/self/stat', 'utf8')
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)
    return `${process.pid}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}.${boot}`
  } catch {
    return String(process.pid)
  }
}

/** @param {{directory: string, port: number, hostPort: number, hostname: string}} container */
module.exports = function contain(container) {
  const listeningFile = path.join(container.directory, 'listening')
  const record = (file, line) => {
    try {
      fs.appendFileSync(path.join(container.directory, file), `${line}\n`, { mode: 0o600 })
    } catch {
      // The container is being removed; the application must not die of that.
    }
  }
  if (isMainThread) {
    record('processes', identity())
    process.on('exit', (code) => record('exits', `${process.pid} ${code}`))
  }

  const isLoopback = (host) => /^(localhost|127\.[\d.]+|::1|::ffff:127\.[\d.]+)$/i.test(host)
  const isEverywhere = (host) =>
    host === '' || host === '0.0.0.0' || host === '::' || host === container.hostname

  /** The port and host that a call of listen() asks for; undefined for paths, handles and file descriptors. */
  const askedBy = (args) => {
    const [first, second] = args
    if (first !== null && typeof first === 'object') {
      if (first.path !== undefined && first.port === undefined) return undefined
      if (first.fd !== undefined || first._handle || first.handle || typeof first.port === 'undefined')
        return undefined
      return { port: Number(first.port), host: first.host ?? '', options: first }
    }
    if (typeof first === 'string' && !/^\d+$/.test(first)) return undefined
    const port = typeof first === 'number' || typeof first === 'string' ? Number(first) : 0
    return { port, host: typeof second === 'string' ? second : '', options: {} }
  }

  const asked = new WeakMap()
  const awaited = new WeakSet()
  const listen = net.Server.prototype.listen
  net.Server.prototype.listen = function (...args) {
    const want = askedBy(args)
    // Out of range is the application's error and is told by the original; the host port comes back through a cluster's primary.
    const outOfRange = want && !(want.port >= 0 && want.port < 65536)
    if (!want || outOfRange || (want.port === container.hostPort && want.host === '127.0.0.1')) {
      asked.delete(this)
      return listen.apply(this, args)
    }
    // The proxy reaches a container by IPv4.
    const reachable =
      want.port === container.port &&
      isEverywhere(want.host) &&
      !(want.host === '::' && want.options.ipv6Only)
    const callback = args.at(-1)
    const backlog = args.slice(1).find((value) => typeof value === 'number')
    asked.set(this, want)
    if (!awaited.has(this)) {
      awaited.add(this)
      this.once('listening', () => {
        awaited.delete(this)
        const { address: inside, port } = this.address()
        const entry = { address: inside, port, pid: process.pid, hostPort: address.call(this).port }
        record('listening', JSON.stringify({ ...entry, open: true }))
        this.once('close', () => record('listening', JSON.stringify({ ...entry, open: false })))
      })
    }
    const options = { ...(backlog === undefined ? {} : { backlog }), ...want.options }
    options.host = '127.0.0.1'
    options.port = reachable ? container.hostPort : 0
    delete options.ipv6Only
    return listen.call(this, options, ...(typeof callback === 'function' ? [callback] : []))
  }

  const address = net.Server.prototype.address
  net.Server.prototype.address = function () {
    const actual = address.call(this)
    const want = asked.get(this)
    if (!want || actual === null || typeof actual === 'string') return actual
    const inside = want.host === '' ? '::' : want.host.toLowerCase() === 'localhost' ? '127.0.0.1' : want.host
    return { address: inside, family: net.isIPv6(inside) ? 'IPv6' : 'IPv4', port: want.port || actual.port }
  }

  /** The host port behind one of the container's own ports; undefined when the container doesn't listen there. */
  const ownPort = (port) => {
    let found
    try {
      for (const line of fs.readFileSync(listeningFile, 'utf8').split('\n')) {
        if (line === '') continue
        const entry = JSON.parse(line)
        if (entry.port === port) found = entry.open ? entry.hostPort : undefined
      }
    } catch (error) {
      if (error.code !== 'ENOENT') throw error
    }
    return found
  }
  const isSelf = (host) => host === undefined || host === null || isLoopback(host) || isEverywhere(host)

  const connect = net.Socket.prototype.connect
  net.Socket.prototype.connect = function (...args) {
    // net.connect() hands over its arguments already sorted, in an array inside the first.
    const sorted = Array.isArray(args[0]) ? args[0] : args
    const [first, second] = sorted
    const options =
      first !== null && typeof first === 'object'
        ? first
        : { port: first, host: typeof second === 'string' ? second : undefined }
    if (options.path || options.port === undefined || !isSelf(options.host)) return connect.apply(this, args)
    const port = ownPort(Number(options.port))
    if (port === undefined) return connect.apply(this, args)
    const callback = sorted.find((value) => typeof value === 'function')
    return connect.call(this, { ...options, port, host: '127.0.0.1' }, ...(callback ? [callback] : []))
  }
}
