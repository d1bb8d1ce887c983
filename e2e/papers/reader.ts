import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { repository, Sandbox, type Ran } from '../sandbox.ts'

/** Not copied into the checkout: git's, npm's and the tests' own. Of the cache only the record of the build is, so that nothing is built again. */
const ASIDE = new Set(['.git', '.nx', 'node_modules', 'e2e'])
const isWanted = (path: string) =>
  !ASIDE.has(basename(path)) && (basename(dirname(path)) !== '.cache' || basename(path) === 'build.json')

/** Somebody who follows a paper in a checkout of this repository, and whose AWS is an account of the embedded Beanstalk. */
export class Reader {
  readonly sandbox: Sandbox
  readonly #checkout: string
  readonly #environment: Record<string, string>
  /** Variables that lead AWS tools to the account as its administrator. */
  readonly administrator: Record<string, string>

  private constructor(sandbox: Sandbox, checkout: string, administrator: Record<string, string>) {
    this.sandbox = sandbox
    this.#checkout = checkout
    this.administrator = administrator
    this.#environment = {
      // `--local` is an account of its own, as it is for a reader.
      LUCREE_LOCAL_DIR: join(sandbox.dir, 'rehearsal'),
      LUCREE_RUNTIME: 'process',
      AWS_ENDPOINT_URL: administrator['AWS_ENDPOINT_URL'] ?? '',
      AWS_EC2_METADATA_DISABLED: 'true',
      npm_config_update_notifier: 'false',
    }
  }

  static async open(): Promise<Reader> {
    const sandbox = await Sandbox.open()
    const checkout = join(sandbox.dir, 'lucree')
    await cp(repository, checkout, { recursive: true, filter: isWanted })
    for (const place of ['', 'packages/deployer', 'packages/emulator'])
      await symlink(join(repository, place, 'node_modules'), join(checkout, place, 'node_modules'))
    await mkdir(join(sandbox.dir, 'shells'))
    const told = await sandbox.lucree(['local', 'env', '--json'])
    return new Reader(sandbox, checkout, told.json<Record<string, string>>())
  }

  async close(): Promise<void> {
    const { dir } = this.sandbox
    await this.sandbox.lucree(['local', 'reset', '--yes'], {
      env: { LUCREE_LOCAL_DIR: join(dir, 'rehearsal') },
    })
    await this.sandbox.close()
  }

  /** Writes a file into the checkout, as a reader with an editor does. */
  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.#checkout, name), `${text}\n`)
  }

  /**
   * Runs lines in the shell of this name, where every earlier block has run: its variables are there. Standard error and standard output come as one, as
   * a terminal shows them. The first line that fails ends it.
   */
  async run(
    lines: string,
    { shell = 'terminal', input = '', env = {} }: { shell?: string; input?: string; env?: object } = {},
  ): Promise<Ran> {
    const variables = join(this.sandbox.dir, 'shells', shell)
    await writeFile(`${variables}.input`, input)
    const script = `set -eo pipefail; cd "$CHECKOUT"
[ ! -f "$VARIABLES" ] || . "$VARIABLES"
set -a
{
${lines}
} <"$VARIABLES.input" 2>&1
export -p >"$VARIABLES"`
    return this.sandbox.program('bash', ['-c', script], {
      ...this.#environment,
      ...env,
      ...{ CHECKOUT: this.#checkout, VARIABLES: variables },
    })
  }
}
