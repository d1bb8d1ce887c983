/** What a client sends, byte for byte; several pieces with a pause between them. */
export type Sent = string | readonly string[]

interface Asked {
  method?: string
  path?: string
  version?: string
  host?: string
  headers?: string
  body?: string
}

export const bytes = ({
  method = 'GET',
  path = '/x',
  version = '1.1',
  host = 'Host: a\r\n',
  headers = '',
  body = '',
}: Asked) => `${method} ${path} HTTP/${version}\r\n${host}${headers}\r\n${body}`

const line = (name: string, length: number) => `${name}: ${'v'.repeat(length - name.length - 4)}\r\n`
const lines = (count: number, length: number) =>
  Array.from({ length: count }, (_, i) => line(`X-${i}`, length)).join('')
const gzipped = (more: string, rest: Asked = {}): string =>
  bytes({ path: `/typed?${encodeURIComponent(more)}`, headers: 'Accept-Encoding: gzip\r\n', ...rest })
const post = (headers: string, body = '') => bytes({ method: 'POST', headers, body })
const CHUNK = `10000\r\n${'a'.repeat(65_536)}\r\n`
const PLAIN_500 = `/typed?${encodeURIComponent('text/plain|500')}`

const of = <T>(values: readonly T[], entry: (value: T) => [string, Sent]) =>
  Object.fromEntries(values.map(entry))

/** Requests by what is particular about them. */
export const CASES: Record<string, Sent> = {
  plain: bytes({}),
  'HTTP/1.0': bytes({ version: '1.0' }),
  'HTTP/1.0 without a host': bytes({ version: '1.0', host: '' }),
  'HTTP/1.0 that keeps the connection': bytes({ version: '1.0', headers: 'Connection: keep-alive\r\n' }),
  'HTTP/1.0 that keeps the connection, an answer without a length': bytes({
    version: '1.0',
    path: '/chunks',
    headers: 'Connection: keep-alive\r\n',
  }),
  'HTTP/2.0': bytes({ version: '2.0' }),
  'no host': bytes({ host: '' }),
  'two hosts': bytes({ headers: 'Host: b\r\n' }),
  ...of(
    [
      '',
      ' WWW.Example.COM:8080',
      ' a.b.',
      ' a/b',
      ' a b',
      ' [::1]:80',
      ' a_b',
      ' a..b',
      ' a:x',
      ' .',
      ' :80',
    ],
    (host) => [`host "${host.trim()}"`, bytes({ host: `Host:${host}\r\n` })],
  ),
  ...of(
    [
      'http://Other.org:99/p?q',
      'http://other.org',
      'HTTP://other.org/',
      '*',
      'x',
      '',
      '?x',
      '/%zz',
      '/%',
      '/%2',
      '/%00',
      '/a%20b',
      '/a/../b',
      '/..',
      '/../a',
      '/a/../../b',
      '/%2e%2e/',
    ],
    (path) => [`path "${path}"`, bytes({ path })],
  ),
  ...of(
    [
      '//x',
      '///',
      '/a b',
      '/a#b',
      '/a?b=%zz',
      '/a\\b',
      '/a/./b',
      '/%2f',
      '/a%2f../..',
      '/a?b#c',
      '/[x]',
      '/a|b',
      '/a"b',
      '/..a',
      '/...',
      '/a/..?x/../..',
      '/a/..',
      '/a//../..',
      '/a\x01b',
    ],
    (path) => [`path "${path}"`, bytes({ path })],
  ),
  'OPTIONS *': bytes({ method: 'OPTIONS', path: '*' }),
  ...of(['TRACE', 'get', 'PURGE', 'DELETE', 'POST', 'OPTIONS', 'PROPFIND'], (method) => [
    `method ${method}`,
    bytes({ method }),
  ]),
  CONNECT: bytes({ method: 'CONNECT', path: 'a:80' }),
  'no HTTP': '\x16\x03\x01\x02\r\n\r\n',
  'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'empty lines before': `\r\n\r\n${bytes({})}`,
  'two requests at once': bytes({}) + bytes({ path: '/y' }),
  'a last request, and one more': bytes({ headers: 'Connection: close\r\n' }) + bytes({ path: '/y' }),

  'Connection: close': bytes({ headers: 'Connection: close\r\n' }),
  'an upgrade to h2c': bytes({
    headers: 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n',
  }),
  'a POST that would like h2c': post(
    'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\nContent-Length: 3\r\n',
    'abc',
  ),
  'Upgrade without Connection': bytes({ headers: 'Upgrade: foo\r\n' }),
  'odd names': bytes({ headers: 'X_Y: 1\r\nX-Z: 2\r\nX.D: 3\r\nX!e: 4\r\n' }),
  'a name with a blank': bytes({ headers: 'X y: 1\r\n' }),
  'an empty value': bytes({ headers: 'X-E:\r\nX-F:  blanks  \r\n' }),
  'a value on two lines': bytes({ headers: 'X-A: 1\r\n  2\r\n' }),
  'a value with NUL': bytes({ headers: 'X-A: a\x00b\r\n' }),
  'a value in Latin-1': bytes({ headers: 'X-A: \xe9\r\n' }),
  'hop by hop': bytes({
    headers:
      'TE: trailers\r\nKeep-Alive: 3\r\nProxy-Connection: x\r\nExpect: nothing\r\nProxy-Authorization: y\r\nConnection: X-Q\r\nX-Q: 1\r\n',
  }),
  forwarded: bytes({
    headers:
      'X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 1\r\nX-Real-IP: 9.9.9.9\r\nForwarded: for=1\r\n',
  }),
  'forwarded twice': bytes({ headers: 'X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 5.6.7.8\r\n' }),
  ...of(
    [
      'Authorization',
      'Content-Type',
      'User-Agent',
      'Cookie',
      'If-Match',
      'If-None-Match',
      'If-Modified-Since',
      'If-Unmodified-Since',
      'If-Range',
      'Range',
      'Referer',
      'Expect',
    ],
    (name) => [`two ${name}`, bytes({ headers: `${name}: x\r\n${name}: x\r\n` })],
  ),
  ...of(
    [
      'Upgrade',
      'Accept',
      'Accept-Encoding',
      'Via',
      'TE',
      'X-Real-IP',
      'Content-Range',
      'Origin',
      'Date',
      'Proxy-Authorization',
      'X-Own',
    ],
    (name) => [`two ${name}`, bytes({ headers: `${name}: x\r\n${name}: x\r\n` })],
  ),
  ...of([8_180, 8_192, 8_193, 10_000], (length) => [
    `a request line of ${length} bytes`,
    bytes({ path: `/x?${'q'.repeat(length - 'GET /x? HTTP/1.1\r\n'.length)}` }),
  ]),
  ...of([8_191, 8_192, 8_193, 9_216], (length) => [
    `a header of ${length} bytes`,
    bytes({ headers: line('X-B', length) }),
  ]),
  ...of([3, 4, 5], (count) => [`${count} headers of 8,000 bytes`, bytes({ headers: lines(count, 8_000) })]),
  ...of([28, 32, 33, 40], (count) => [
    `${count} headers of 1,000 bytes`,
    bytes({ headers: lines(count, 1_000) }),
  ]),

  'a body with a length and chunks': post('Content-Length: 3\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
  'a length that is no number': post('Content-Length: x\r\n'),
  'a negative length': post('Content-Length: -1\r\n'),
  'two lengths': post('Content-Length: 1\r\nContent-Length: 1\r\n', 'a'),
  chunks: post('Transfer-Encoding: chunked\r\n', '3\r\nabc\r\n0\r\nx-t: 1\r\n\r\n'),
  'a chunk without a length': post('Transfer-Encoding: chunked\r\n', 'zz\r\n'),
  'a GET with a body': bytes({ headers: 'Content-Length: 3\r\n', body: 'abc' }),
  'a PUT of nothing': bytes({ method: 'PUT', headers: 'Content-Length: 0\r\n' }),
  'a body in pieces': [post('Content-Length: 3\r\n'), 'a', 'bc'],
  'a body after 100 Continue': [post('Expect: 100-continue\r\nContent-Length: 3\r\n'), 'abc'],
  'a body of 1 MB': post('Content-Length: 1048576\r\n', 'a'.repeat(1_048_576)),
  'a body of 1 MB and a byte': post('Content-Length: 1048577\r\n', 'a'.repeat(1_048_577)),
  'a body of 1 MB and a byte that asks first': post('Expect: 100-continue\r\nContent-Length: 1048577\r\n'),
  'chunks of more than 1 MB': post('Transfer-Encoding: chunked\r\n', `${CHUNK.repeat(17)}0\r\n\r\n`),

  ...of(
    [
      '/cut',
      '/cut-length',
      '/drop',
      '/headers',
      '/chunks',
      '/reason',
      '/trailer',
      '/status?204',
      '/status?304',
      '/status?404',
      '/status?500',
      '/status?999',
    ],
    (path) => [`answer ${path}`, bytes({ path })],
  ),
  ...of([3_950, 3_951, 4_050, 6_000, 20_000], (length) => [
    `an answer with a header of ${length} bytes`,
    bytes({ path: `/big-head?${length}` }),
  ]),
  'HEAD of an answer with a length': bytes({ method: 'HEAD', path: PLAIN_500 }),
  'HEAD of an answer that would be compressed': gzipped('text/plain|500', { method: 'HEAD' }),
  'a Location of the application': bytes({ path: '/location?/x' }),

  ...of(
    [
      'text/plain|19',
      'text/plain|20',
      'text/plain|500',
      'text/html|500',
      'text/html; charset=utf-8|500',
      'application/json; charset=utf-8|500',
      'application/javascript|500',
      'text/javascript|500',
      'text/css|500',
    ],
    (more) => [`gzip of ${more}`, gzipped(more)],
  ),
  ...of(
    [
      'application/xml+rss|500',
      'image/svg+xml|500',
      'text/event-stream|500',
      'TEXT/PLAIN|500',
      '|500',
      'text/plain|500|201',
      'text/plain|500|404',
      'text/plain|500|403',
      'text/plain|500|500',
      'text/plain|500|206',
      'text/plain ;x|500',
    ],
    (more) => [`gzip of ${more}`, gzipped(more)],
  ),
  'gzip of an answer with many headers': gzipped('', { path: '/headers' }),
  'gzip of an answer without a length': gzipped('', { path: '/chunks' }),
  'gzip of what is compressed already': gzipped('', { path: '/encoded' }),
  'gzip for another proxy': gzipped('text/plain|500', { headers: 'Accept-Encoding: gzip\r\nVia: x\r\n' }),
  'gzip for HTTP/1.0': gzipped('text/plain|500', { version: '1.0' }),
  ...of(
    [
      'deflate, gzip',
      'gzip;q=0',
      'gzip;q=0.5',
      '*',
      'GZIP',
      'gzip;q=0.000',
      'identity',
      'x-gzip',
      'gzip ; q=1',
      'gzip;q=2',
      'deflate,gzip',
      'gzipped',
      'br, gzip;q=0.1',
    ],
    (accepted) => [
      `accepts ${accepted}`,
      gzipped('text/plain|500', { headers: `Accept-Encoding: ${accepted}\r\n` }),
    ],
  ),
}

/** What Node's parser takes or refuses otherwise than nginx does, and what isn't worth more: BEHAVIOR.md lists them. */
export const DIFFERENCES: Record<string, { sent: Sent; nginx: string; front: string }> = {
  'a method that isn’t known': { sent: bytes({ method: 'FOO' }), nginx: 'the application’s', front: '400' },
  'HTTP/1.2': { sent: bytes({ version: '1.2' }), nginx: 'the application’s', front: '400' },
  'a header without a colon': {
    sent: bytes({ headers: 'Nocolon\r\n' }),
    nginx: 'the application’s',
    front: '400',
  },
  'a control character in a value': {
    sent: bytes({ headers: 'X-A: a\x01b\r\n' }),
    nginx: 'the application’s',
    front: '400',
  },
  'lines that end with LF alone': {
    sent: 'GET /x HTTP/1.1\nHost: a\n\n',
    nginx: 'the application’s',
    front: '400',
  },
  'a transfer encoding that isn’t chunked': {
    sent: post('Transfer-Encoding: gzip\r\n'),
    nginx: '501',
    front: '400',
  },
}
