/**
 * Tags of everything that lucree makes. `lucree:application` is the application whose deploy made it: of roles, which all applications of an
 * account share, the first one. So the tag says who made a thing, not who uses it; before a shared thing is removed, its users are looked for.
 */
export function ownTags(application: string): Record<string, string> {
  return { 'lucree:managed': 'true', 'lucree:application': application }
}

/** Whether lucree made it, so that lucree may complete or remove it. */
export function isOwn({ tags }: { tags: Record<string, string> }): boolean {
  return tags['lucree:managed'] === 'true'
}
