import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../../src/config/config.ts'

const accepts = (env: Record<string, string>, token: string) =>
  readConfig(env).tokens.accept(Buffer.from(token, 'utf8'))
const refusal = (env: NodeJS.ProcessEnv): string => {
  try {
    readConfig(env)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as ConfigError).exitCode).toBe(78)
    return (error as ConfigError).message
  }
  throw new Error('the environment was accepted')
}

describe('the environment', () => {
  it.each([
    {},
    { LUCREE_PASSWD: '' },
    { LUCREE_PASSWD: ' \t' },
    { LUCREE_PASSWD: '\n' },
    { LUCREE_PASSWD_PREVIOUS: 'antigo' },
  ])('is refused in one sentence that names LUCREE_PASSWD when it is %j', (env) =>
    expect(refusal(env)).toMatch(/^LUCREE_PASSWD is missing or empty: [^.\n]+\.$/),
  )

  it.each(['LUCREE_PASSWD', 'LUCREE_PASSWD_PREVIOUS'])(
    'is refused when %s holds what no header carries, without telling the value',
    (name) => {
      for (const value of ['um\ndois', 'um\rdois', 'um\0dois', 'um\x7Fdois']) {
        const message = refusal({ LUCREE_PASSWD: 'segredo', [name]: value })
        expect(message).toMatch(new RegExp(`^${name} holds`))
        expect(message).not.toContain('um')
      }
    },
  )

  it('gives the token without the white space around it, which a header loses too', () => {
    for (const value of ['segredo\n', ' segredo', 'segredo \t\r\n'])
      expect(accepts({ LUCREE_PASSWD: value }, 'segredo')).toBe(true)
    expect(accepts({ LUCREE_PASSWD: 'a  b' }, 'a  b')).toBe(true)
  })

  it('gives a previous token while there is one, and an empty one is none', () => {
    const env = { LUCREE_PASSWD: 'novo', LUCREE_PASSWD_PREVIOUS: 'antigo' }
    expect([accepts(env, 'novo'), accepts(env, 'antigo')]).toEqual([true, true])
    for (const none of ['', ' '])
      expect(accepts({ ...env, LUCREE_PASSWD_PREVIOUS: none }, 'antigo')).toBe(false)
    expect(accepts({ ...env, LUCREE_PASSWD_PREVIOUS: '' }, '')).toBe(false)
  })

  it('says where to listen and what was deployed, with defaults for what is missing or empty', () => {
    const bare = { host: '0.0.0.0', port: 8080, proxyHops: 0, release: { version: null, release: null } }
    expect(readConfig({ LUCREE_PASSWD: 'x' })).toMatchObject(bare)
    const empty = { PORT: '', LUCREE_HOST: '', LUCREE_PROXY_HOPS: '', LUCREE_VERSION: '', LUCREE_RELEASE: '' }
    expect(readConfig({ LUCREE_PASSWD: 'x', ...empty })).toMatchObject(bare)
    const full = {
      PORT: '81',
      LUCREE_HOST: '127.0.0.1',
      LUCREE_PROXY_HOPS: '2',
      LUCREE_VERSION: 'v-1',
      LUCREE_RELEASE: '7',
    }
    const release = { version: 'v-1', release: '7' }
    expect(readConfig({ LUCREE_PASSWD: 'x', ...full })).toMatchObject({
      host: '127.0.0.1',
      port: 81,
      proxyHops: 2,
      release,
    })
  })

  it.each(['http', '-1', '65536', '80.5', '0x50', '1e3', ' 80', '099999'])(
    'is refused with PORT %j',
    (PORT) => {
      expect(refusal({ LUCREE_PASSWD: 'x', PORT })).toMatch(/^PORT must be/)
    },
  )

  it('is refused once for all that is wrong with it', () => {
    expect(refusal({ PORT: 'x', LUCREE_PROXY_HOPS: '9' })).toMatch(
      /^LUCREE_PASSWD.+; PORT.+; LUCREE_PROXY_HOPS[^;]+\.$/,
    )
  })
})
