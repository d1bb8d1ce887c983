/**
 * Tells whether an IAM pattern fits a text: `*` is any run of characters, none too, `?` any one. Both walk forward only: a pattern of many
 * stars costs its length times the text's, never more.
 */
export function fits(pattern: string, text: string): boolean {
  let [at, in_] = [0, 0]
  let star = -1
  let retry = 0
  while (in_ < text.length) {
    if (pattern[at] === '*') {
      star = at++
      retry = in_
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[in_])) {
      at++
      in_++
    } else if (star >= 0) {
      at = star + 1
      in_ = ++retry
    } else return false
  }
  while (pattern[at] === '*') at++
  return at === pattern.length
}

/** Actions and condition keys are compared without regard to case. */
export const fitsAnyCase = (pattern: string, text: string): boolean =>
  fits(pattern.toLowerCase(), text.toLowerCase())

/** An ARN is compared part by part, so that a star never reaches over a colon; the sixth part is all that follows. */
export function arnFits(pattern: string, arn: string): boolean {
  const [patterns, parts] = [partsOf(pattern), partsOf(arn)]
  return (
    patterns.length === parts.length && patterns.every((part, index) => fits(part, parts[index] as string))
  )
}

function partsOf(arn: string): string[] {
  const parts = arn.split(':')
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')]
}
