import { isSecretName } from '../../config/secret-name.ts'
import { Sensitive } from '../../config/sensitive.ts'
import {
  type OptionKey,
  type OptionSetting,
  optionId,
  PROPERTIES,
  propertiesOf,
  propertyKey,
} from '../option-settings.ts'
import type { ReleaseOptions, ReleaseRecord } from './release-record.ts'

/** Secrets that Beanstalk reads from a store: an option's value is the secret's ARN, not the secret (facts sheet §4.2). */
const SECRETS = 'aws:elasticbeanstalk:application:environmentsecrets'
/** Parameters of the stack that Beanstalk makes: one of them holds all properties with their values. */
const STACK_PARAMETERS = 'aws:cloudformation:template:parameter'

/**
 * What a release remembers of an environment's options: never a value of a property, nor of an option whose name says that it is secret, nor
 * of one that quotes a property's value. `key` is the user's fingerprint key.
 */
export function rememberedOptions(settings: OptionSetting[], key: string): ReleaseOptions {
  const properties = propertiesOf(settings)
  const values = [...properties].filter(([name]) => isSecretName(name)).map(([, value]) => value.reveal())
  const quotes = (text: string) => values.some((value) => value.length >= 4 && text.includes(value))
  return {
    settings: settings.filter(
      ({ namespace, name, value }) =>
        namespace !== PROPERTIES &&
        namespace !== SECRETS &&
        namespace !== STACK_PARAMETERS &&
        !isSecretName(name) &&
        !quotes(value),
    ),
    properties: [...properties].sort(byName).map(([name, value]) => ({
      name,
      store: 'property' as const,
      length: value.bytes,
      fingerprint: value.fingerprint(key),
    })),
    secrets: settings
      .filter(({ namespace }) => namespace === SECRETS)
      .map(({ name, value }) => ({ name, arn: value, versionId: null })),
    fingerprintKey: keyId(key),
  }
}

function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1
}

/**
 * Options that no record brings back: who the instances are, who may reach them, where they stand and what they boot, and the balancer's kind, which can't
 * be changed. The instances' own role may write to Beanstalk's bucket (AWSElasticBeanstalkWebTier), so a record mustn't be a way to a stronger one.
 */
const STAYING_OPTIONS =
  /^(IamInstanceProfile|ServiceRole|OperationsRole|EC2KeyName|SSHSourceRestriction|SecurityGroups|ManagedSecurityGroup|ImageId|LoadBalancerType|SharedLoadBalancer)$/
const NETWORK = 'aws:ec2:vpc'

/** What has to be sent so that an environment gets a release's options back, and what can't be. */
export interface Restoration {
  settings: OptionSetting[]
  remove: OptionKey[]
  /** Names that differ from the release's and stay as they are now: properties whose earlier values are kept nowhere, and options of access and network. */
  staying: string[]
}

/** What the way back to a release's options starts from. */
export interface RestorationGround {
  saved: OptionSetting[] | undefined
  current: OptionSetting[]
  key: string
  isSecret?: ((name: string) => boolean) | undefined
}

/**
 * The way back to a release's options. `saved` is its saved configuration, undefined when there is none any more. Secrets stay at their newest: a
 * property whose name is secret, or that was withheld from the saved configuration, is neither set nor removed, so a value that was revoked can't
 * come back. `key` is the user's fingerprint key; `isSecret` knows what the project file declares beside what names tell.
 */
export function restoration(
  release: Pick<ReleaseRecord, 'settings' | 'properties' | 'withheld' | 'fingerprintKey'>,
  { saved, current, key, isSecret = isSecretName }: RestorationGround,
): Restoration {
  const now = new Map(current.map((option) => [optionId(option), option.value]))
  const differs = (option: OptionSetting) => now.get(optionId(option)) !== option.value
  const withheld = new Set(release.withheld)
  const isKept = (name: string) => !withheld.has(name) && !isSecret(name)
  const then = new Set(release.properties.map(({ name }) => name))
  const properties = (saved ?? []).filter(
    ({ namespace, name }) => namespace === PROPERTIES && then.has(name) && isKept(name),
  )
  const present = [...propertiesOf(current).keys()]
  const recalled = new Set(properties.map(({ name }) => name))
  const isOfAccess = ({ namespace, name }: OptionSetting) =>
    namespace === NETWORK || STAYING_OPTIONS.test(name)
  const changed = release.settings.filter(differs)
  return {
    settings: [...changed.filter((option) => !isOfAccess(option)), ...properties.filter(differs)],
    remove: present.filter((name) => !then.has(name) && isKept(name)).map(propertyKey),
    staying: [
      ...[...then].filter((name) => !recalled.has(name) && !isAsNow(release, name, { current, key })),
      ...changed.filter(isOfAccess).map(({ name }) => name),
    ],
  }
}

/** Whether a property's value is the one that the release had; a fingerprint under another user's key doesn't tell, and counts as no. */
function isAsNow(
  { properties, fingerprintKey }: Pick<ReleaseRecord, 'properties' | 'fingerprintKey'>,
  name: string,
  { current, key }: { current: OptionSetting[]; key: string },
): boolean {
  const now = propertiesOf(current).get(name)
  const then = properties.find((property) => property.name === name)
  return now !== undefined && fingerprintKey === keyId(key) && then?.fingerprint === now.fingerprint(key)
}

/** Tells one key from another without telling it. */
function keyId(key: string): string {
  return new Sensitive('which key', { announce: false }).fingerprint(key)
}
