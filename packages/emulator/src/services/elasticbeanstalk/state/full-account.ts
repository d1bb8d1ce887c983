import { quotas } from '../actions/quotas.ts'
import type { Application, Version } from './model.ts'
import type { Store } from './store.ts'

/** Gives an account that is still empty as many applications and versions as it may have; it has them once. Nothing of it is deployed. */
export async function fillAccount(store: Store, now: Date): Promise<void> {
  if (store.applications().length > 0) return
  const at = now.toISOString()
  await store.changeApplications((applications) => {
    for (let number = 1; number <= quotas.applications; number++)
      applications.push(application(`legacy-${String(number).padStart(2, '0')}`, versionsOf(number), at))
  })
}

/** How many of the versions the application with this number has. */
function versionsOf(number: number): number {
  const share = Math.floor(quotas.versions / quotas.applications)
  return number === 1 ? quotas.versions - share * (quotas.applications - 1) : share
}

const application = (name: string, versions: number, at: string): Application => ({
  name,
  description: 'Made long ago',
  createdAt: at,
  updatedAt: at,
  tags: [],
  templates: [],
  versions: Array.from({ length: versions }, (_, index) => version(`v${index + 1}`, at)),
})

const version = (label: string, at: string): Version => ({
  label,
  process: false,
  status: 'UNPROCESSED',
  createdAt: at,
  updatedAt: at,
  tags: [],
})
