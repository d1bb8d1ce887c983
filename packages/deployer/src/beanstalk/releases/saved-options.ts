import { randomBytes } from 'node:crypto'
import { isSecretName } from '../../config/secret-name.ts'
import { CloudError } from '../../errors.ts'
import { type OptionSetting, PROPERTIES, propertiesOf } from '../option-settings.ts'
import type { SavedConfigurations } from '../ports.ts'

/**
 * Where the values of a release's properties are kept, so that a rollback brings them back: in Beanstalk itself, as a saved configuration of the
 * application. They lie there already, as plain text, for whoever may describe the environment; lucree's own records in the bucket never have them.
 * Secret ones (by their name, or as the project file declares) are not kept at all: in their place stands a value that nobody knows, so that an
 * environment that somebody makes from the saved configuration isn't open to whoever can guess.
 */

/** `lucree-shop-production-42`; at most 100 characters, since an environment's name has 40. */
export function savedConfigurationName(environment: string, number: number): string {
  return `lucree-${environment}-${number}`
}

/** The environment whose release a saved configuration belongs to, undefined for one that somebody else has saved. */
export function savedFor(name: string): string | undefined {
  return /^lucree-(.+)-\d+$/.exec(name)?.[1]
}

/** Keeps an environment's options as they are now under a release's number; gives what the release remembers of it. */
export async function keepOptions(
  configurations: SavedConfigurations,
  of: {
    application: string
    environment: string
    environmentId: string
    number: number
    settings: OptionSetting[]
    /** Names that the project file declares as secret. */
    declaredSecret: string[]
  },
  signal: AbortSignal,
): Promise<{ savedConfiguration: string; withheld: string[] }> {
  const { application, environment, environmentId, number, settings, declaredSecret } = of
  const name = savedConfigurationName(environment, number)
  const withheld = [...propertiesOf(settings).keys()].filter(
    (property) => isSecretName(property) || declaredSecret.includes(property),
  )
  const configuration = {
    ...{ application, name, environmentId },
    description: `Release ${number} of ${environment}, kept by lucree`,
    instead: withheld.map((property) => ({
      namespace: PROPERTIES,
      name: property,
      value: randomBytes(24).toString('base64url'),
    })),
  }
  try {
    await configurations.save(configuration, signal)
  } catch (error) {
    // There may be one of this name: an answer was lost, or an environment of this name was removed with its releases, whose numbers begin anew.
    if (!(error instanceof CloudError) || error.transient) throw error
    await configurations.remove(application, name, signal)
    await configurations.save(configuration, signal)
  }
  return { savedConfiguration: name, withheld }
}
