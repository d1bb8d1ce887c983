import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'

/** Programs that would change this machine's system. In a container they change the image. */
const REFUSED =
  'apt apt-get aptitude dpkg apk yum dnf microdnf zypper pacman rpm sudo su mount umount systemctl service sysctl'
/** Programs whose effect a process on this machine neither has nor needs: all runs as the user who started the emulator. */
const SKIPPED =
  'adduser addgroup useradd groupadd usermod groupmod deluser delgroup userdel groupdel passwd chpasswd chown chgrp setcap ldconfig update-ca-certificates'

const refuse = (name: string): string => `#!/bin/sh
echo "lucree: '${name}' needs a container: the process runtime has no system of its own. Start a container engine and use --runtime docker." >&2
exit 126
`

const skip = (name: string): string => `#!/bin/sh
echo "lucree: '${name}' skipped: the process runtime runs everything as the user of this machine." >&2
`

/** A path that text rewriting could not see (in a variable, made by a program) must not remove a file of this machine. */
const guardedRemove = `#!/bin/sh
for path in "$@"; do
  case "$path" in
    "$LUCREE_IMAGE_ROOT"/?*) ;;
    /*) echo "lucree: rm: '$path' lies outside the image; the process runtime doesn't touch it." >&2; exit 1 ;;
  esac
done
command -p rm "$@"
`

/** Beside Node it would link pnpm and yarn into this machine's directory of Node. */
const containedCorepack = (): string => `#!/bin/sh
case "$1" in
  enable | disable) command="$1"; shift; set -- "$command" --install-directory "$LUCREE_IMAGE_ROOT/usr/local/bin" "$@" ;;
esac
exec '${join(dirname(process.execPath), 'corepack')}' "$@"
`

/** Writes the stand-ins that RUN steps find before this machine's programs, into `directory`; each whole or not at all, whenever this ends. */
export async function writeShims(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  const scripts: [string, string][] = [
    ...REFUSED.split(' ').map((name): [string, string] => [name, refuse(name)]),
    ...SKIPPED.split(' ').map((name): [string, string] => [name, skip(name)]),
    ['rm', guardedRemove],
    ['corepack', containedCorepack()],
  ]
  // Not flushed: what a power cut loses the next server writes again.
  for (const [name, script] of scripts)
    await writeFileAtomic(join(directory, name), script, { mode: 0o755, fsync: false })
}
