import { onSensitive } from '../config/sensitive.ts'
import { Scrubber } from '../report/scrub.ts'

/** The scrubber of this process: it knows every value that has become Sensitive, and all that is printed passes it. */
export const scrubber = new Scrubber()
onSensitive((value) => scrubber.hold(value))
