import { DockerfileError } from './dockerfile-error.ts'
import type { Instruction } from './instruction.ts'
import { mountSources } from './mount.ts'
import type { PlanContext, Source } from './stage-draft.ts'

/** What a COPY or a RUN takes files from, in its order. Throws {@link DockerfileError} for a number that no stage has. */
export function findSources(instruction: Instruction, context: PlanContext): Source[] {
  const { keyword, line, flags } = instruction
  if (keyword === 'COPY') {
    const from = flags.find(({ name }) => name === 'from')?.value ?? ''
    if (from === '') return []
    return [/^[+-]?\d+$/.test(from) ? byNumber(Number(from), line, context) : byName(from, line, context)]
  }
  if (keyword !== 'RUN') return []
  const mounts = flags.filter(({ name }) => name === 'mount').map(({ value }) => value)
  return mountSources(mounts).map((from) => byName(from === '' ? 'scratch' : from, line, context))
}

function byNumber(index: number, line: number, { sources }: PlanContext): Source {
  const found = sources[index]
  if (!found) throw new DockerfileError(`invalid stage index ${index}`, line)
  return found
}

function byName(name: string, line: number, context: PlanContext): Source {
  return context.byName.get(name.toLowerCase()) ?? { image: name, line, draft: undefined }
}
