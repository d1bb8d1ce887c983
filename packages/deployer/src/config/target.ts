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
  maxInstances: number
  /** Path that answers 2xx or 3xx when the application is well. */
  healthCheck: string
}
