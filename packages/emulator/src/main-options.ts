import { parseArgs } from 'node:util'
import * as z from 'zod'
import { EmulatorError } from './errors.ts'

const usage =
  'usage: main.js --dir DIR [--port N] [--runtime auto|docker|process] [--pace fast|real|FACTOR] [--region R] [--account KIND]'

const Options = z.object({
  dir: z.string().min(1),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  runtime: z.enum(['auto', 'docker', 'process']).default('auto'),
  pace: z.union([z.enum(['fast', 'real']), z.coerce.number().nonnegative()]).default('fast'),
  region: z.string().optional(),
  account: z.string().min(1).optional(),
})

/** What the process is started with. */
export type MainOptions = z.infer<typeof Options>

/** Reads the arguments of the process. Throws EmulatorError `InvalidOption` with the usage. */
export function readMainOptions(args: string[]): MainOptions {
  const string = { type: 'string' } as const
  let values: Record<string, string | undefined>
  try {
    const options = {
      dir: string,
      port: string,
      runtime: string,
      pace: string,
      region: string,
      account: string,
    }
    values = parseArgs({ args, options, strict: true, allowPositionals: false }).values
  } catch (cause) {
    throw new EmulatorError('InvalidOption', `${(cause as Error).message.split('\n')[0]} (${usage})`, {
      cause,
    })
  }
  const read = Options.safeParse(values)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new EmulatorError('InvalidOption', `--${issue?.path.join('.')}: ${issue?.message} (${usage})`)
}
