import * as Args from '@oclif/core/args'
import { UsageError } from '../errors.ts'

/** An argument that is the number of a release, from 1. Never read from standard input, which oclif would otherwise take for an argument that is left out. */
export const releaseNumber = Args.custom<number>({
  ignoreStdin: true,
  parse: async (text) => {
    if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
    throw new UsageError(`"${text}" is no number of a release`, {
      code: 'LUC-USAGE-RELEASE',
      why: 'releases are numbered from 1',
      hints: ['lucree releases'],
    })
  },
})
