import { type Builder } from './builder.ts'
import { importImage } from './engine-api.ts'

/** What isn't a command is an argument of node, as in the public image, whose script also hands node a file that can't be run. */
const ENTRY_POINT = `#!/bin/sh
set -e
if [ "\${1#-}" != "\${1}" ] || [ -z "$(command -v "\${1}")" ]; then
  set -- node "$@"
fi
exec "$@"
`

const CHANGES = [
  'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NODE_VERSION=24.21.0',
  'ENTRYPOINT ["docker-entrypoint.sh"]',
  'CMD ["node"]',
]

/** Gives the builder a stand-in for the public `node:24-slim`, of Debian's packages and npm's Node: the cases' Dockerfiles begin with it. */
export async function addNodeImage(builder: Builder): Promise<void> {
  const tar = process.env.LUCREE_BUILDER_BASE
  if (!tar) throw new Error('LUCREE_BUILDER_BASE names no tar. Run: eval "$(node scripts/buildkit.mjs up)"')
  await importImage(builder.socket, tar, 'lucree-base:latest', CHANGES)
  const built = await builder.imageOf(
    {
      Dockerfile: 'FROM lucree-base\nCOPY --chmod=755 docker-entrypoint.sh /usr/local/bin/\n',
      'docker-entrypoint.sh': ENTRY_POINT,
    },
    ['--tag=node:24-slim'],
  )
  if ('refused' in built) throw new Error(built.refused)
}
