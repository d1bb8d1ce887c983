import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AcceptedTokens } from '../../src/auth/accepted-tokens.ts'

const utf8 = (text: string) => Buffer.from(text, 'utf8')

describe('accepted tokens', () => {
  it('are each of those that were given, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 }),
        fc.string(),
        (tokens, other) => {
          const accepted = new AcceptedTokens(tokens)
          for (const token of tokens) expect(accepted.accept(utf8(token))).toBe(true)
          expect(accepted.accept(utf8(other))).toBe(tokens.includes(other))
        },
      ),
    )
  })

  it.each(['segred', 'segredo ', 'Segredo', 'segredosegredo', ''])(
    'do not include %j for being near to one',
    (near) => {
      expect(new AcceptedTokens(['segredo']).accept(utf8(near))).toBe(false)
    },
  )

  it('may be sent in Latin-1 where they fit in it', () => {
    const accepted = new AcceptedTokens(['pão'])
    expect(accepted.accept(Buffer.from('pão', 'latin1'))).toBe(true)
    expect(new AcceptedTokens(['pão→']).accept(Buffer.from('pão→', 'latin1'))).toBe(false)
  })

  it('are in nothing that prints them', () => {
    const accepted = new AcceptedTokens(['segredo'])
    expect(`${inspect(accepted, { showHidden: true, depth: 9 })}${JSON.stringify(accepted)}`).not.toMatch(
      /segredo|[0-9a-f]{16}/,
    )
  })
})
