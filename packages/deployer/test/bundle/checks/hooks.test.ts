import { expect, test } from 'vitest'
import { bundle, DOCKERFILE, refusal } from '../bundled.ts'

const hook = '.platform/hooks/prebuild/01.sh'

test('a hook that is executable and has Unix line ends is accepted, and so are files beside the hooks', async () => {
  await bundle({ Dockerfile: DOCKERFILE, [hook]: { run: '#!/bin/sh\n' }, '.platform/nginx/x.conf': 'a\r\n' })
})

test.each([hook, '.platform/confighooks/postdeploy/x'])(
  '%s that is not executable is refused',
  async (path) => {
    const error = await refusal(bundle({ Dockerfile: DOCKERFILE, [path]: '#!/bin/sh\n' }))
    expect(error).toMatchObject({ message: `${path} is not executable`, exitCode: 4 })
    expect(error.hints[0]).toContain(`chmod +x ${path}`)
  },
)

test('a script with CRLF is refused with its line', async () => {
  const error = await refusal(bundle({ Dockerfile: DOCKERFILE, [hook]: { run: '#!/bin/sh\necho\r\n' } }))
  expect(error.message).toBe(`${hook}:2: the line ends with CRLF`)
  expect(error.hints[0]).toBe(`sed -i 's/\\r$//' ${hook}`)
})

test('a binary hook may hold any bytes', async () => {
  await bundle({ Dockerfile: DOCKERFILE, [hook]: { run: '\u007fELF\r\n' } })
})
