#!/bin/sh
# Runs the Docker daemon of another Debian root, beside any other engine. As root, in a mount namespace of its own, which takes its mounts along when it ends:
#   unshare --mount sh dockerd-in-root.sh ROOT WORK     answers on WORK/sock/docker.sock, keeps its data in WORK/data
# pivot_root, not chroot: under chroot `docker exec` would run in the machine's own root. Builds and containers have no network.
set -e
root=$(realpath "$1") work=$(realpath "$2")
mount --make-rprivate /
mount --rbind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mkdir -p run/sock data-root oldroot
mount --bind "$work/data" data-root
mount --bind "$work/sock" run/sock
unset DOCKER_HOST
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
pivot_root . oldroot
cd /
umount -l /oldroot
exec dockerd --host=unix:///run/sock/docker.sock --data-root=/data-root --exec-root=/run/exec --pidfile=/run/dockerd.pid \
  --bridge=none --iptables=false --ip6tables=false
