import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { createFront, PLATFORM_PROXY, type Front } from '../../../src/runtime/front.ts'
import { hasNginx, startNginx } from './nginx/platform-nginx.ts'
import { rawAnswer } from './nginx/raw-answer.ts'
import { bytes, CASES, DIFFERENCES } from './nginx/request-cases.ts'
import { startTellingApplication } from './nginx/telling-application.ts'

const found = await hasNginx()

describe.skipIf(!found)(
  `the front beside nginx with the platform’s configuration${found ? '' : ' (needs nginx; Debian: nginx-light)'}`,
  () => {
    let application: Awaited<ReturnType<typeof startTellingApplication>>
    let nginx: Awaited<ReturnType<typeof startNginx>>
    let front: Front
    beforeAll(async () => {
      application = await startTellingApplication()
      nginx = await startNginx(application.port)
      front = await createFront({ clock: systemClock })
      front.setTargets([{ id: 'i-1', host: '127.0.0.1', port: application.port, proxy: PLATFORM_PROXY }])
    })
    afterAll(async () => {
      await nginx?.close()
      await front?.close()
      application?.close()
    })

    test.concurrent.each(Object.entries(CASES))('answers as nginx does: %s', async (_name, sent) => {
      const theirs = await rawAnswer(nginx.port, sent)
      expect(theirs.answers.length).toBeGreaterThan(0)
      expect(await rawAnswer(front.port, sent)).toEqual(theirs)
    })

    test.concurrent.each(Object.entries(DIFFERENCES))(
      'differs from nginx as is said: %s',
      async (_name, { sent, nginx: theirs, front: ours }) => {
        // Node's parser refuses more, and the application that is asked here is one of Node's too.
        const [told] = (await rawAnswer(nginx.port, sent)).answers
        if (/^\d/.test(theirs)) expect(told?.status).toContain(theirs)
        else expect(told?.body).not.toContain('nginx')
        expect((await rawAnswer(front.port, sent)).answers[0]?.status).toContain(ours)
      },
    )

    test('an application that isn’t there is a 502 of both', async () => {
      const absent = await startTellingApplication()
      absent.close()
      const other = await startNginx(absent.port)
      front.setTargets([{ id: 'i-2', host: '127.0.0.1', port: absent.port, proxy: PLATFORM_PROXY }])
      const theirs = await rawAnswer(other.port, bytes({}))
      const ours = await rawAnswer(front.port, bytes({}))
      await other.close()
      expect(theirs.answers[0]?.status).toBe('HTTP/1.1 502 Bad Gateway')
      expect(ours).toEqual(theirs)
    })
  },
)
