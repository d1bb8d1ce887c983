/** One variable as `lucree.json` declares it. */
export interface VariableDeclaration {
  secret: boolean
  required: boolean
}

/** What was asked: the value that every stage of a deploy starts from. Flags, variables, file and defaults have been settled by now. */
export interface DeployTarget {
  application: string
  /** Name of the Beanstalk environment, 4 to 40 characters. */
  environment: string
  /** What it is called in the `environments` of `lucree.json`; undefined where the file lists none. */
  key?: string | undefined
  /** What the file calls its environments, when this is none of them and the command makes none. */
  listed?: readonly string[] | undefined
  region: string
  local: boolean
  /** Directory of `lucree.json`, or the working directory without one; absolute. */
  projectDir: string
  /** Directory that is bundled; absolute. */
  source: string
  /** Paths relative to the project directory that ship at the bundle's root as well, and `.env*` names that are wanted in it. */
  include: string[]
  build: string | undefined
  variables: Record<string, VariableDeclaration>
  type: 'single' | 'load-balanced'
  instanceType: string | undefined
  minInstances: number
  /** The project file doesn't name `minInstances`: it counts where an environment is made, and one that is there keeps what it has. */
  minInstancesByDefault?: boolean
  maxInstances: number
  /** Path that answers 2xx or 3xx when the application is well. */
  healthCheck: string
  /** Network of a new environment; without it the default VPC. */
  network?: NetworkChoice | undefined
  /** ARN of the certificate with which the load balancer answers HTTPS; without it, or with one instance, there is no HTTPS. */
  certificate?: string | undefined
  /** Names or ARNs of an instance profile and a service role that are there; without them the usual ones, made when they are missing. */
  instanceProfile?: string | undefined
  serviceRole?: string | undefined
  /** Day and time (UTC) at which Beanstalk updates the platform each week, such as `Sun:03:00`; without it never. */
  managedUpdates?: string | undefined
}

/** What leads to an environment of another name: where the file lists some, one that it doesn't list is refused, so the name stands there. */
export function anotherEnvironment({ key }: Pick<DeployTarget, 'key'>): string {
  return key === undefined
    ? 'lucree deploy --environment NAME   # any name that is free'
    : `lucree deploy   # once ${JSON.stringify(key)} has another "name" in lucree.json`
}

/** A VPC and those of its subnets that a new environment is put into. */
export interface NetworkChoice {
  vpc: string
  subnets: string[]
  /** Subnets of the load balancer; the instances' own without them. */
  balancerSubnets: string[]
}
