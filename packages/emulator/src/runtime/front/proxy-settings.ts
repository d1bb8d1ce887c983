/** What a bundle may change of the platform's nginx, as far as it holds here. */
export interface ProxySettings {
  /** Bytes of a request's body, `client_max_body_size`; 0: as many as the client likes. */
  maxBodyBytes: number
  /** Milliseconds, `proxy_connect_timeout`. */
  connectTimeoutMs: number
  /** Milliseconds between two pieces of the request that the application takes, `proxy_send_timeout`. */
  sendTimeoutMs: number
  /** Milliseconds between two pieces of the application's answer, `proxy_read_timeout`. */
  readTimeoutMs: number
}

/** The platform's configuration says nothing of these, so nginx's own defaults hold. */
export const PLATFORM_PROXY: ProxySettings = {
  maxBodyBytes: 1_048_576,
  connectTimeoutMs: 60_000,
  sendTimeoutMs: 60_000,
  readTimeoutMs: 60_000,
}
