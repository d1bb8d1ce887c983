import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { createJsonFile, readJsonFile, type JsonFile } from './json-file.ts'
import { applicationSchema, environmentSchema, type Application, type Environment } from './model.ts'

/** Applications with their versions, and environments. What it gives out is never changed in place: read it as a snapshot. */
export interface Store {
  applications(): readonly Application[]
  application(name: string): Application | undefined
  changeApplications<R>(change: (applications: Application[]) => R): Promise<R>
  /** Those that are terminated too. */
  environments(): readonly Environment[]
  environment(id: string): Environment | undefined
  addEnvironment(environment: Environment): Promise<void>
  changeEnvironment<R>(id: string, change: (environment: Environment) => R): Promise<R>
  removeEnvironment(id: string): Promise<void>
}

/** Opens what is kept under `dir`: `applications.json`, and one file an environment in `environments/`. */
export async function openStore(dir: string): Promise<Store> {
  const environmentsDir = join(dir, 'environments')
  await mkdir(environmentsDir, { recursive: true, mode: 0o700 })
  const applications = await readJsonFile(join(dir, 'applications.json'), z.array(applicationSchema), [])
  const environments = await readEnvironments(environmentsDir)
  const fileOf = (id: string) => {
    const file = environments.get(id)
    if (file === undefined) throw new Error(`There is no environment ${id} in the store`)
    return file
  }
  return {
    applications: () => applications.value,
    application: (name) => applications.value.find((application) => application.name === name),
    changeApplications: (change) => applications.change(change),
    environments: () => [...environments.values()].map((file) => file.value),
    environment: (id) => environments.get(id)?.value,
    async addEnvironment(environment) {
      environments.set(
        environment.id,
        await createJsonFile(join(environmentsDir, `${environment.id}.json`), environment),
      )
    },
    changeEnvironment: (id, change) => fileOf(id).change(change),
    async removeEnvironment(id) {
      const file = fileOf(id)
      environments.delete(id)
      await file.remove()
    },
  }
}

/** Leftovers of an interrupted write have other endings and are passed over. */
async function readEnvironments(dir: string): Promise<Map<string, JsonFile<Environment>>> {
  const environments = new Map<string, JsonFile<Environment>>()
  for (const name of (await readdir(dir)).sort()) {
    if (!name.endsWith('.json')) continue
    const file = await readJsonFile(join(dir, name), environmentSchema)
    environments.set(file.value.id, file)
  }
  return environments
}
