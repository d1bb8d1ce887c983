import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, YAMLParseError } from 'yaml'
import * as z from 'zod'
import { UsageError } from '../../errors.ts'

/** Where the EB CLI keeps what it knows of a project, relative to it. */
export const EB_CONFIG = '.elasticbeanstalk/config.yml'

/** The part of the EB CLI's file that lucree has a use for; every key may be missing or null. */
const optional = z.string().min(1).nullish()
const ebSchema = z.object({
  global: z
    .object({
      application_name: optional,
      default_region: optional,
      profile: optional,
      default_platform: optional,
    })
    .nullish(),
  'branch-defaults': z.record(z.string(), z.object({ environment: optional }).nullish()).nullish(),
  deploy: z.object({ artifact: optional }).nullish(),
})

/** What the EB CLI knows of a project. */
export interface EbProject {
  application: string | undefined
  region: string | undefined
  /** Full names of Beanstalk environments, in the order of the file. */
  environments: string[]
  profile: string | undefined
  platform: string | undefined
  /** The zip that the EB CLI would deploy instead of making one. */
  artifact: string | undefined
}

/** Reads the EB CLI's file of the project in `dir`; undefined without one. Throws a {@link UsageError} when it is broken. */
export async function readEbProject(dir: string): Promise<EbProject | undefined> {
  let text: string
  try {
    text = await readFile(join(dir, EB_CONFIG), 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
  const read = ebSchema.safeParse(parseYaml(text) ?? {})
  if (!read.success) throw broken(z.prettifyError(read.error).replace(/\s*\n\s*/g, ' '))
  const { global, deploy, 'branch-defaults': branches } = read.data
  const named = Object.values(branches ?? {}).flatMap((branch) => branch?.environment ?? [])
  return {
    application: global?.application_name ?? undefined,
    region: global?.default_region ?? undefined,
    environments: [...new Set(named)],
    profile: global?.profile ?? undefined,
    platform: global?.default_platform ?? undefined,
    artifact: deploy?.artifact ?? undefined,
  }
}

function parseYaml(text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof YAMLParseError) throw broken(error.message.split('\n')[0] ?? error.code)
    throw error
  }
}

function broken(why: string): UsageError {
  return new UsageError(`${EB_CONFIG} can't be read`, {
    code: 'LUC-INIT-EB-CONFIG',
    why,
    hints: [`Mend ${EB_CONFIG}, or move it away: lucree.json does not need it.`],
  })
}
