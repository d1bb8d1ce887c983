import * as z from 'zod'

/** How a fault is armed, over the wire and in the file of kept faults. */
export const armingSchema = z.strictObject({
  /** `name` or `name:argument`. */
  fault: z.string().min(1).max(100),
  /** How often it happens. Default: 1, and `forever` for a fault that is a condition. */
  times: z.union([z.number().int().min(1).max(1_000_000), z.literal('forever')]).optional(),
  /** So many moments that are meant go well before. Default 0. */
  after: z.number().int().min(0).max(1_000_000).optional(),
  /** How likely each moment that is meant goes wrong, above 0 and up to 1. Default 1. */
  probability: z.number().gt(0).max(1).optional(),
  /** Name or id; default: every environment. A request that names none is never meant then. */
  environment: z.string().min(1).max(40).optional(),
  /** Only requests of this operation, such as `UpdateEnvironment` or S3's `PutObject`. */
  action: z
    .string()
    .regex(/^[A-Za-z0-9]{1,100}$/)
    .optional(),
  /** It is there again after a restart of the server. Default false. */
  keep: z.boolean().optional(),
})

export type Arming = z.infer<typeof armingSchema>
