import { expect, test } from 'vitest'
import { explainingRefusals } from '../../src/deploy/explain-refusal.ts'
import { CloudError } from '../../src/errors.ts'

const refusal = (why: string, more: Partial<ConstructorParameters<typeof CloudError>[1]> = {}) =>
  new CloudError('CreateEnvironment was refused', {
    code: 'LUC-AWS-InvalidParameterValue',
    awsCode: 'InvalidParameterValue',
    transient: false,
    why,
    ...more,
  })
const afterwards = (error: unknown) =>
  explainingRefusals(() => Promise.reject(error as Error)).catch((thrown: unknown) => thrown)

test('a refused call is explained, and AWS’s own words are its evidence', async () => {
  const words = "No Solution Stack named '64bit Amazon Linux 2023 v4.4.4 running Docker' found."
  expect(await afterwards(refusal(words, { document: { environment: 'shop' } }))).toMatchObject({
    code: 'LUC-AWS-InvalidParameterValue',
    exitCode: 5,
    why: 'AWS has retired the platform version 64bit Amazon Linux 2023 v4.4.4 running Docker',
    evidence: [words],
    hints: [expect.stringMatching(/^lucree deploy /), 'lucree doctor'],
    confidence: 'certain',
    more: { doc: 'docs/errors.md#luc-deploy-platform-retired' },
    document: { environment: 'shop' },
  })
})

test.each([
  ['a refusal that nobody knows', refusal('Something new')],
  ['one that has hints already', refusal('Must be Ready', { hints: ['lucree status'] })],
  ['one that passes', refusal('Must be Ready', { transient: true })],
  ['another error', new TypeError('x')],
])('%s is thrown as it is', async (_, error) => {
  expect(await afterwards(error)).toBe(error)
})
