import { once } from 'node:events'
import { connect, createServer, type IncomingHttpHeaders } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { inOrder, sendFiles } from '../../../../src/runtime/docker/buildkit/file-sync.ts'
import { begin, finish, INTERNAL, OK } from '../../../../src/runtime/docker/buildkit/grpc.ts'

test('paths come as the builder demands them: what is in a directory right after it, before longer names', () => {
  expect(inOrder(['dir.a', 'dir/z', 'dir-b', 'dir.a/q', 'a', 'dir', 'dir/sub', 'dir/sub/x'])).toEqual([
    'a',
    'dir',
    'dir/sub',
    'dir/sub/x',
    'dir/z',
    'dir-b',
    'dir.a',
    'dir.a/q',
  ])
})

test('names are compared by their bytes', () => {
  expect(inOrder(['\u{1F600}', '\uFF5E', 'Z', 'a'])).toEqual(['Z', 'a', '\uFF5E', '\u{1F600}'])
})

/** Asks for files as the builder does; answers the call's status and reason. */
async function transferred(files: ReadonlyMap<string, string>): Promise<{ status: string; reason: string }> {
  const server = createServer()
  server.on('stream', (stream) => {
    begin(stream)
    sendFiles(stream, files, AbortSignal.timeout(20_000)).then(
      () => finish(stream, OK),
      (error: Error) => finish(stream, INTERNAL, error.message),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  onTestFinished(() => {
    client.destroy()
    server.close()
  })
  const call = client.request({ ':method': 'POST', ':path': '/' }, { endStream: false })
  call.resume()
  const [trailers] = (await once(call, 'trailers')) as [IncomingHttpHeaders]
  return {
    status: String(trailers['grpc-status']),
    reason: decodeURIComponent(String(trailers['grpc-message'])),
  }
}

test('a file that is gone when the builder is to be told of it ends the call, with the reason', async () => {
  const answer = await transferred(new Map([['a', join(import.meta.dirname, 'nothing here')]]))
  expect(answer).toEqual({ status: '13', reason: expect.stringMatching(/ENOENT.*nothing here/) as string })
})
