/** What the service says of an application or a version that isn't there has no code of its own (facts sheet §3.2). */
export async function unlessAbsent(call: () => Promise<unknown>): Promise<void> {
  try {
    await call()
  } catch (error) {
    if (!/^No Application (Version )?named '.*' found/s.test((error as Error).message)) throw error
  }
}
