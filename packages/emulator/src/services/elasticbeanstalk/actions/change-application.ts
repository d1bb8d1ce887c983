import type { Context } from '../context.ts'
import type { Application } from '../state/model.ts'

/** Changes an application and the time of its last change. */
export async function changeApplication(
  { store, clock }: Pick<Context, 'store' | 'clock'>,
  name: string,
  change: (draft: Application) => void,
): Promise<Application> {
  const now = clock.now().toISOString()
  await store.changeApplications((all) => {
    const draft = all.find((application) => application.name === name)!
    change(draft)
    draft.updatedAt = now
  })
  return store.application(name)!
}
