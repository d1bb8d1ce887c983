import input from '@inquirer/input'
import { UsageError } from '../errors.ts'
import type { Screen } from '../report/screen.ts'

/** Shows what will be removed and asks for its name, typed; throws without it. `--yes` is the caller's to look at before. */
export async function confirmByName(
  name: string,
  items: string[],
  screen: Screen,
  signal: AbortSignal,
): Promise<void> {
  if (!screen.interactive) {
    throw new UsageError(`Removing ${name} needs a yes`, {
      code: 'LUC-USAGE-CONFIRM',
      why: 'there is no terminal to ask on',
      hints: ['lucree destroy --dry-run   # what would go', 'lucree destroy --yes'],
    })
  }
  const list = items.map((item) => `  ${item}`).join('\n')
  const typed = await input(
    { message: `This removes:\n${list}\nType ${name} to go on:` },
    { ...screen.questions, signal },
  )
  if (typed.trim() !== name) {
    throw new UsageError('Nothing was removed', {
      code: 'LUC-USAGE-CONFIRM',
      why: `${JSON.stringify(typed)} is not the name`,
      hints: ['lucree destroy'],
    })
  }
}
