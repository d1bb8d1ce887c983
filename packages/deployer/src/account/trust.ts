import * as z from 'zod'

const oneOrMany = z.union([z.string().transform((one) => [one]), z.array(z.string())])
const statement = z.looseObject({
  Effect: z.string(),
  Principal: z
    .union([
      z.string().transform((anyone) => ({ Service: [anyone] })),
      z.looseObject({ Service: oneOrMany.optional() }),
    ])
    .optional(),
  Action: oneOrMany.optional(),
})
const document = z.looseObject({
  Statement: z.union([statement.transform((one) => [one]), z.array(statement)]),
})

/** Whether a role's trust policy lets a service assume it. What is no policy lets nobody. */
export function trusts(policy: unknown, service: string): boolean {
  const { data } = document.safeParse(policy)
  const trusting = (data?.Statement ?? []).filter(
    ({ Action, Principal }) =>
      Action?.some((action) => /^(sts:(AssumeRole|\*)|\*)$/i.test(action)) &&
      Principal?.Service?.some((who) => who === '*' || who.replace(/\.cn$/, '') === service),
  )
  return (
    trusting.some(({ Effect }) => Effect === 'Allow') && !trusting.some(({ Effect }) => Effect === 'Deny')
  )
}
