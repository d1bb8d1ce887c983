import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { readJsonFile } from '../elasticbeanstalk/state/json-file.ts'
import { ServiceError } from '../service.ts'

const groupSchema = z.object({
  name: z.string(),
  createdAt: z.iso.datetime(),
  /** Absent: kept for ever. */
  retentionInDays: z.number().optional(),
  tags: z.record(z.string(), z.string()),
})
export type LogGroup = z.infer<typeof groupSchema>

/** The account's log groups: they outlive what wrote to them. */
export interface LogGroups {
  all(): readonly LogGroup[]
  /** Throws ResourceNotFoundException. */
  get(name: string): LogGroup
  /** Throws ResourceAlreadyExistsException. */
  create(group: LogGroup): Promise<void>
  /** Makes those that aren't there, and gives all of them this retention. */
  ensure(names: readonly string[], retentionInDays: number, now: Date): Promise<void>
  change(name: string, edit: (group: LogGroup) => void): Promise<void>
  remove(names: readonly string[]): Promise<void>
}

/** Opens `groups.json` below `dir`. */
export async function openLogGroups(dir: string): Promise<LogGroups> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const file = await readJsonFile(join(dir, 'groups.json'), z.array(groupSchema), [])
  const find = (groups: readonly LogGroup[], name: string) => {
    const group = groups.find((one) => one.name === name)
    if (group === undefined)
      throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.')
    return group
  }
  return {
    all: () => file.value,
    get: (name) => find(file.value, name),
    create: (group) =>
      file.change((groups) => {
        if (groups.some(({ name }) => name === group.name))
          throw new ServiceError('ResourceAlreadyExistsException', 'The specified log group already exists')
        groups.push(group)
      }),
    async ensure(names, retentionInDays, now) {
      const isThere = (name: string) =>
        file.value.some((group) => group.name === name && group.retentionInDays === retentionInDays)
      if (names.every(isThere)) return
      await file.change((groups) => {
        for (const name of names) {
          const group = groups.find((one) => one.name === name)
          if (group) group.retentionInDays = retentionInDays
          else groups.push({ name, createdAt: now.toISOString(), retentionInDays, tags: {} })
        }
      })
    },
    change: (name, edit) => file.change((groups) => edit(find(groups, name))),
    async remove(names) {
      if (!file.value.some(({ name }) => names.includes(name))) return
      await file.change((groups) => {
        groups.splice(0, groups.length, ...groups.filter(({ name }) => !names.includes(name)))
      })
    },
  }
}
