const LOOPBACK = /^(?:(?:[a-z0-9-]+\.)*(?:localhost|127\.0\.0\.1)|\[::1\])(?::\d{1,5})?$/i

/**
 * Tells whether a `Host` header names this machine: `localhost`, `127.0.0.1`, `[::1]`, or a bucket's name before one of them.
 * A web page can point a name of its own at 127.0.0.1 (DNS rebinding); its requests carry that name and are refused.
 */
export const isLoopbackHost = (host: string): boolean => LOOPBACK.test(host)

/** What stands before the loopback name, dots and all (a bucket's name in virtual-host style); `undefined` when nothing does. */
export function hostPrefix(host: string): string | undefined {
  return /^(.+)\.(?:localhost|127\.0\.0\.1)(?::\d{1,5})?$/i.exec(host)?.[1]
}
