#!/bin/sh
# Runs a container engine of another Debian root, beside any other engine. As root, in a mount namespace of its own, which takes its mounts along when it ends:
#   unshare --mount sh in-root.sh ROOT WORK COMMAND …     COMMAND sees WORK/data as /data-root and WORK/sock as /run/sock
# pivot_root, not chroot: under chroot `docker exec` would run in the machine's own root. /tmp is the machine's: containers may bind what tests have there.
set -e
root=$(realpath "$1") work=$(realpath "$2")
shift 2
mount --make-rprivate /
mount --rbind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mount --rbind /tmp tmp
mount -t tmpfs tmpfs run
mkdir -p run/sock data-root oldroot
mount --bind "$work/data" data-root
mount --bind "$work/sock" run/sock
[ ! -e /etc/resolv.conf ] || cat /etc/resolv.conf > etc/resolv.conf
unset DOCKER_HOST CONTAINER_HOST
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/tmp
pivot_root . oldroot
cd /
umount -l /oldroot
exec "$@"
