/**
 * Who may import whom, as one table that ARCHITECTURE.md repeats in words. A *place* is a path from the repository's root: a directory
 * (with everything below it) or a file, both without the extension. `lucree/boundaries` (boundaries.js) reads it.
 */

const deployer = (...rooms) =>
  rooms.flatMap((room) => [`packages/deployer/src/${room}`, `packages/deployer/test/${room}`])

/** Packages from npm and Node's own modules that have a home: code of packages/ outside `only`, or inside `never`, is refused. */
export const modules = [
  {
    imports: /^@(?:aws-sdk|smithy|aws-crypto)\//,
    only: [...deployer('aws'), 'packages/deployer/test', 'packages/emulator', 'e2e', 'bench', 'test'],
    because:
      'the AWS SDK is known to deployer/src/aws and the emulator alone; go through beanstalk/ports.ts or account/ports.ts',
  },
  {
    imports: /^@oclif\//,
    only: [
      ...deployer('commands', 'cli'),
      'packages/deployer/bin',
      'packages/deployer/build',
      'packages/deployer/test',
    ],
    because:
      'oclif stays in commands/ and cli/, so that the rest of lucree can be used without a command line',
  },
  {
    imports: /^(?:node:)?(?:https?|http2|net|tls|dgram|dns)(?:\/|$)|^undici$/,
    never: ['bundle', 'diagnose', 'deploy/plan'].map((room) => `packages/deployer/src/${room}`),
    because: 'bundle/, diagnose/ and deploy/plan.ts do no network I/O',
  },
  {
    imports: /^(?:node:)?(?:fs|child_process)(?:\/|$)/,
    never: ['diagnose', 'deploy/plan'].map((room) => `packages/deployer/src/${room}`),
    because: 'diagnose/ and deploy/plan.ts are pure: evidence or observations in, a value out',
  },
  {
    imports: /^node:|^(?:fs|path|os|http|https|net|child_process|buffer|url|util)(?:\/|$)/,
    never: ['packages/docker-context/src'],
    because: 'docker-context is pure and runs in a browser too: text and paths in, values out',
  },
  {
    imports: /^(?:node:)?(?:process|console)$/,
    never: ['packages'],
    because: 'the globals are guarded by rules; an import would slip past them',
  },
]

/** Packages of this repository: `name` may be imported only from these places (and from itself). */
export const packages = [
  {
    name: '@lucree/docker-context',
    home: 'packages/docker-context',
    only: ['packages/deployer', 'packages/emulator', 'e2e', 'bench', 'test'],
  },
  { name: '@lucree/api', home: 'packages/api', only: ['e2e', 'bench'] },
  {
    name: '@lucree/emulator',
    home: 'packages/emulator',
    only: [...deployer('cli/local'), 'packages/deployer/test', 'e2e', 'bench'],
  },
  { name: 'lucree', home: 'packages/deployer', only: ['e2e', 'bench', 'test/docs'] },
]

/**
 * The rooms of lucree, each with what it may reach below `packages/deployer/src`:
 * commands → cli → config, deploy, account → bundle, beanstalk, diagnose → errors, clock, document. The words of `config/target.ts` and
 * `config/sensitive.ts` are values that every cloud-facing room speaks.
 */
const ground = ['errors', 'clock', 'document']
const vocabulary = ['config/target', 'config/sensitive', 'config/secret-name']
/** What a command puts its result into words with. */
const wording = ['report/style', 'report/table', 'report/scrub']
const cellar = ['bundle', 'beanstalk', 'diagnose', ...ground]
export const rooms = {
  home: 'packages/deployer/src',
  reach: {
    commands: ['cli', 'config', 'deploy', 'account', ...wording, ...cellar],
    cli: ['config', 'deploy', 'account', 'aws', 'report', ...cellar],
    config: ground,
    deploy: ['config', 'account', ...cellar],
    'deploy/plan': [
      'config',
      'deploy',
      'bundle/bundle',
      'beanstalk/options',
      'beanstalk/option-settings',
      ...ground,
    ],
    'deploy/progress': [],
    account: ['config', 'deploy/progress', 'bundle', 'beanstalk', 'diagnose', ...ground],
    bundle: ground,
    beanstalk: ['bundle/bundle', 'deploy/progress', ...vocabulary, ...ground],
    // What a log quotes of a secret is taken out before a rule reads it.
    diagnose: ['report/scrub', ...ground],
    aws: [
      'beanstalk/ports',
      'beanstalk/options',
      'beanstalk/option-settings',
      'account/ports',
      ...vocabulary,
      ...ground,
    ],
    report: ['deploy/progress', 'errors', 'clock'],
    document: [],
    errors: [],
    clock: [],
  },
}
