/**
 * The commands with which an administrator gives a caller lucree's policy. A user's inline policies may have 2,048 characters together, fewer than the
 * policy has, so a user gets it as a managed one; a role's may have 10,240 (IAM user guide, IAM and STS quotas).
 */
export function attaching(arn: string): string {
  const [, kind, name] = /:(?:(user)\/(?:.*\/)?|assumed-role\/)([^/]+)/.exec(arn) ?? []
  if (name === undefined) return `${WRITTEN}   # for an administrator to attach`
  const attach = kind === 'user' ? attachingToUser(name) : puttingIntoRole(name)
  return `${WRITTEN} && ${attach}   # as an administrator`
}

/** The commands that make a user of this name with lucree's policy. */
export function makingUser(name: string): string[] {
  return [`aws iam create-user --user-name ${name}`, `${WRITTEN} && ${attachingToUser(name)}`]
}

const WRITTEN = 'lucree doctor --policy > lucree-policy.json'
const OF_FILE = '--policy-name lucree --policy-document file://lucree-policy.json'

function attachingToUser(name: string): string {
  const made = `aws iam create-policy ${OF_FILE} --query Policy.Arn --output text`
  return `aws iam attach-user-policy --user-name ${name} --policy-arn "$(${made})"`
}

function puttingIntoRole(name: string): string {
  return `aws iam put-role-policy --role-name ${name} ${OF_FILE}`
}
