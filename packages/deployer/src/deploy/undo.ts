import {
  type OptionSetting,
  PROPERTIES,
  propertiesOf,
  propertySetting,
} from '../beanstalk/option-settings.ts'
import { rememberedOptions, restoration } from '../beanstalk/releases/release-options.ts'
import type { ReleaseRecord } from '../beanstalk/releases/release-record.ts'
import { isSecretName } from '../config/secret-name.ts'
import { Sensitive } from '../config/sensitive.ts'
import type { DeployTarget } from '../config/target.ts'

/** What going back to the last good release would do about a change. */
export interface WayBack {
  /** `lucree rollback 4`; undefined where there is no such release, or going back to it would change nothing. */
  rollback: string | undefined
  /** Of the properties that the change sets and removes, those that it would leave as they are. */
  staying: string[]
}

/** A change as far as its undoing hangs on it. */
export interface Undoable {
  /** The version and all settings that the environment has afterwards. */
  version: string
  settings: OptionSetting[]
  /** Names of the properties that it sets and removes. */
  changed: string[]
}

/** Tells what `lucree rollback` to `previous` would do after the change, without doing it: no undo may be promised that does nothing. */
export function wayBackTo(
  previous: ReleaseRecord | undefined,
  { version, settings, changed }: Undoable,
  { variables, key }: Pick<DeployTarget, 'variables'> & { key: string },
): WayBack {
  if (!previous) return { rollback: undefined, staying: changed }
  const back = restoration(previous, {
    ...{ saved: keptProperties(previous, settings, key), current: settings, key },
    isSecret: secretOf(variables),
  })
  const options = [...back.settings, ...back.remove]
  const returning = new Set(
    options.flatMap(({ namespace, name }) => (namespace === PROPERTIES ? [name] : [])),
  )
  const leads = previous.version !== version || options.length > 0
  return {
    rollback: leads ? `lucree rollback ${previous.number}` : undefined,
    staying: changed.filter((name) => !returning.has(name)),
  }
}

/** Whether a property holds a secret: its name says so, or the project file does. */
export function secretOf(variables: DeployTarget['variables']): (name: string) => boolean {
  return (name) => isSecretName(name) || (variables[name]?.secret ?? false)
}

/** A way back with what it leaves as it is. */
export function undoWith({ rollback, staying }: WayBack): string | undefined {
  if (rollback === undefined || staying.length === 0) return rollback
  return `${rollback}   # ${staying.join(', ')} ${staying.length === 1 ? 'stays as it is' : 'stay as they are'} now`
}

/** A change of properties; `before` are the settings that it met. */
interface PropertiesChanged extends Pick<DeployTarget, 'variables'> {
  changed: string[]
  before: OptionSetting[]
}

/** How a change of properties is undone: by going back, and what doesn't come back by hand. */
export function undoOfProperties(
  back: WayBack,
  { changed, before, variables }: PropertiesChanged,
): string | undefined {
  if (back.rollback !== undefined && back.staying.length < changed.length) return undoWith(back)
  const was = propertiesOf(before)
  const added = changed.filter((name) => !was.has(name))
  const replaced = changed.filter((name) => was.has(name))
  const yes = added.some((name) => variables[name]?.required) ? ' --yes' : ''
  const its =
    replaced.length === 1
      ? 'its earlier value, which is kept nowhere'
      : 'their earlier values, which are kept nowhere'
  const ways = [
    ...(added.length > 0 ? [`lucree env unset ${added.join(' ')}${yes}`] : []),
    ...(replaced.length > 0 ? [`lucree env set ${replaced.join(' ')}   # with ${its}`] : []),
  ]
  return ways.join(' && ')
}

/** The saved configuration of a release as its record tells it: a value that was another one then is told by its being different. */
function keptProperties(
  { savedConfiguration, properties, fingerprintKey }: ReleaseRecord,
  current: OptionSetting[],
  key: string,
): OptionSetting[] | undefined {
  if (savedConfiguration === null) return undefined
  const now = propertiesOf(current)
  const remembered = rememberedOptions(current, key)
  const isAsNow = new Set(
    remembered.fingerprintKey === fingerprintKey
      ? remembered.properties.map(({ name, fingerprint }) => `${name}=${fingerprint}`)
      : [],
  )
  return properties.map(({ name, fingerprint }) => {
    const value = isAsNow.has(`${name}=${fingerprint}`) ? now.get(name) : undefined
    return propertySetting(name, value ?? new Sensitive('', { announce: false }))
  })
}
