import type {
  UpdateApplicationResourceLifecycleCommandInput,
  UpdateApplicationResourceLifecycleCommandOutput,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Action } from '../../service.ts'
import { checkParameters } from '../validation/parameters.ts'
import { changeApplication } from './change-application.ts'
import { findApplication } from './find.ts'
import { describeLifecycle, readLifecycle } from './lifecycle-rules.ts'
import type { Service } from './service.ts'

/** The rules that expire versions; they are carried out when the next version is made. */
export function updateApplicationResourceLifecycle({
  context,
}: Service): Action<
  UpdateApplicationResourceLifecycleCommandInput,
  Omit<UpdateApplicationResourceLifecycleCommandOutput, '$metadata'>
> {
  return async (input) => {
    checkParameters(input, ['ApplicationName', 'ResourceLifecycleConfig'])
    const { name, lifecycle: before } = findApplication(context.store, input.ApplicationName!)
    const lifecycle = readLifecycle(input.ResourceLifecycleConfig, before)
    const changed = await changeApplication(
      context,
      name,
      (draft) => void Object.assign(draft, { lifecycle }),
    )
    return { ApplicationName: name, ResourceLifecycleConfig: describeLifecycle(changed.lifecycle) }
  }
}
