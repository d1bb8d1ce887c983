/** Where generated cases begin, and how many there are: `LUCREE_SEED` and `LUCREE_RUNS` look elsewhere and further. */
export const runs = (numRuns: number): { seed: number; numRuns: number } => ({
  seed: Number(process.env.LUCREE_SEED ?? 26_1_5),
  numRuns: Number(process.env.LUCREE_RUNS ?? numRuns),
})

/** Asks for the answer to every item, a few at once, and gives the answers in the items' order. */
export async function answersTo<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
  atOnce = 4,
): Promise<Answer[]> {
  const answers: Answer[] = []
  const left = items.entries()
  const work = async () => {
    for (const [index, item] of left) answers[index] = await ask(item)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return answers
}
