import {
  getProfileName,
  loadSharedConfigFiles,
  loadSsoSessionData,
  parseKnownFiles,
} from '@smithy/core/config'
import { nearest } from '../document/nearest.ts'
import { PermissionError } from '../errors.ts'

/** A profile of the configuration files, as its keys stand there. */
type Profile = Record<string, string | undefined>

/** What is wrong with a profile, in a clause, and what to do about it. */
interface Problem {
  code: string
  why: string
  hints: string[]
}

/**
 * Reads in the AWS configuration files why a profile gives no credentials, which the SDK doesn't tell. Undefined when nobody named a profile, or
 * when nothing is wrong with it. `named` is lucree's own --profile; without it AWS_PROFILE counts.
 */
export async function profileProblem(named: string | undefined): Promise<PermissionError | undefined> {
  const name = named ?? getProfileName({})
  const profiles = (await parseKnownFiles({})) as Record<string, Profile>
  const profile = profiles[name]
  if (!profile) return name === 'default' ? undefined : failure(name, missing(name, Object.keys(profiles)))
  const problem = await problemOf(name, profile, profiles)
  return problem && failure(name, problem)
}

/** Refuses a profile that is in no file: it was mistyped, whatever else is missing. */
export async function refuseUnknownProfile(name: string): Promise<void> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles()
  if (configFile[name] || credentialsFile[name]) return
  throw failure(name, missing(name, Object.keys({ ...configFile, ...credentialsFile })))
}

/** `sections` are the files' own, as the SDK reads them: among the profiles stand `sso-session.corp` and the like. */
function missing(name: string, sections: string[]): Problem {
  const known = sections.filter((section) => !/^(sso-session|services)\./.test(section))
  const meant = nearest(name, known)
  return {
    code: 'LUC-AWS-NO-PROFILE',
    why:
      known.length === 0
        ? 'the AWS configuration files name no profile, or there are none'
        : `there is no such profile in the AWS configuration files; they name ${known.join(', ')}`,
    hints: [...(meant ? [`--profile ${meant}`] : []), `aws configure --profile ${name}`],
  }
}

async function problemOf(
  name: string,
  profile: Profile,
  profiles: Record<string, Profile>,
): Promise<Problem | undefined> {
  const session = profile['sso_session']
  if (session !== undefined && !(session in (await loadSsoSessionData({})))) {
    return broken(`it names the SSO session ${session}, which the files don't have`, [
      `aws configure sso --profile ${name}`,
    ])
  }
  const source = profile['source_profile']
  if (source !== undefined && !profiles[source]) {
    return broken(`its source_profile ${source} is in no file`, [`aws configure --profile ${source}`])
  }
  if (!profile['aws_access_key_id'] !== !profile['aws_secret_access_key']) {
    const lacking = profile['aws_access_key_id'] ? 'aws_secret_access_key' : 'aws_access_key_id'
    return broken(`it has no ${lacking}`, [`aws configure --profile ${name}`])
  }
  if (profile['credential_process'] !== undefined) {
    return broken('its credential_process failed, or gave nothing that is valid now', [
      `aws sts get-caller-identity --profile ${name}   # shows what it says`,
    ])
  }
  const sources = [
    'aws_access_key_id',
    'role_arn',
    'sso_session',
    'sso_start_url',
    'web_identity_token_file',
    'login_session',
  ]
  if (sources.some((key) => profile[key] !== undefined)) return undefined
  return broken('it names no credentials: neither keys nor a role, a process or an SSO session', [
    `aws configure --profile ${name}`,
    `aws configure sso --profile ${name}`,
  ])
}

function broken(why: string, hints: string[]): Problem {
  return { code: 'LUC-AWS-PROFILE', why, hints }
}

function failure(name: string, { code, why, hints }: Problem): PermissionError {
  return new PermissionError(`The profile ${name} gives no credentials`, {
    code,
    why,
    hints: [...hints, 'the same command with --local needs no AWS account'],
  })
}
