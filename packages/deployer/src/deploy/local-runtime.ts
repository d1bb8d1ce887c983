import { refuseFailed } from '../account/checks/check.ts'
import { engineResult, otherNode } from '../account/checks/engine.ts'
import type { Content } from './content.ts'
import type { Tools } from './tools.ts'

/** With the embedded Beanstalk: refuses what it can't build before anything is made, and tells what will run otherwise than the Dockerfile says. Of a named version nothing is known. */
export function suitRuntime({ bundle }: Content, { runtime, progress }: Tools): void {
  if (!runtime || !bundle) return
  const result = engineResult(runtime, bundle)
  refuseFailed([result])
  if (runtime.name !== 'process') return
  const difference = bundle.image && otherNode(bundle.image, runtime.node)
  if (result.state === 'warning') progress.emit({ kind: 'warning', message: result.found })
  // Nothing to mend, so no warning: it goes where people read, and not beside a script's document.
  else if (difference !== undefined)
    progress.emit({ kind: 'note', message: difference.replace(/^./, (first) => first.toUpperCase()) })
}
