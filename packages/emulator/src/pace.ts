/** How long what the platform does takes: `fast` no artificial time, `real` the recorded durations, a number is a factor on them. */
export type Pace = 'fast' | 'real' | number
