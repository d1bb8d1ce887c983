import confirm from '@inquirer/confirm'
import { Interrupted, UsageError } from '../errors.ts'
import type { Screen } from '../report/screen.ts'

/** Asks for a yes before something that can't be undone. Throws when the answer is no, and a usage error when nobody can be asked. */
export async function confirmYes(
  question: string,
  { yes, screen, signal }: { yes: boolean; screen: Screen; signal: AbortSignal },
): Promise<void> {
  if (yes) return
  if (!screen.interactive) {
    throw new UsageError('This needs a yes, and there is no terminal to ask on', {
      code: 'LUC-USAGE-CONFIRM',
      why: question,
      hints: ['--yes'],
    })
  }
  const answer = await confirm({ message: question, default: false }, { ...screen.questions, signal })
  if (!answer) throw new Interrupted('Nothing was changed', { code: 'LUC-DECLINED' })
}
