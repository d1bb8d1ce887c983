import { Sensitive } from './sensitive.ts'

/** Names that hold a secret by the custom of the field, whatever a project file says. */
const SECRET_NAME =
  /PASS|SECRET|TOKEN|CREDENTIAL|PRIVATE|API_?KEY|ACCESS_?KEY|SIGNING_?KEY|ENCRYPTION_?KEY|(^|_)(AUTH|DSN)($|_)|DATABASE_URL/i

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name)
}

/**
 * The value of a property. All of them are {@link Sensitive}; only one whose name says that it is secret is also taken out of whatever is
 * printed: a property `NODE_ENV=production` must not make holes in the name of an environment.
 */
export function propertyValue(name: string, value: string): Sensitive {
  return new Sensitive(value, { announce: isSecretName(name) })
}
