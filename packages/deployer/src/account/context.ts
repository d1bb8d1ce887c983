import type { CheckContext } from './checks/check.ts'

/** What is known of the image that the environment will build or pull. */
export interface SourceImage {
  /** Names of the images that are pulled from a registry, such as `public.ecr.aws/docker/library/node:24`. */
  names: string[]
  /** Of the final stage, when its FROM has a `--platform`. */
  architecture: Architecture | undefined
}

export type Architecture = 'x86_64' | 'arm64'

/** What a look at the account takes into account. What is left out has its default: everything may be made but a VPC, nothing is known of the image. */
export interface AccountContext extends CheckContext {
  /** False with `--no-iam`: roles and profile are used as they are, and no call that makes or changes one is sent. */
  makesRoles?: boolean
  /** True with `--create-default-vpc`. */
  makesDefaultVpc?: boolean
  image?: SourceImage
}
