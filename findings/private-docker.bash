# Sourced by the scripts that need a builder: Docker 26.1.5 with buildx 0.13.1 from Debian 13's packages, in a temporary root and a mount namespace of
# its own, without a network and without an image. As root on Debian with mmdebstrap. Gives $room, `docker` and `build DIRECTORY OPTIONS…`.
[ "$(id -u)" = 0 ] && command -v mmdebstrap >/dev/null || { echo 'needs root and mmdebstrap' >&2; exit 2; }
room=$(mktemp -d)
daemon=
finish() {
  if [ -n "$daemon" ]; then kill "$daemon" 2>/dev/null || true; wait "$daemon" 2>/dev/null || true; fi
  rm -rf --one-file-system "$room"
}
trap finish EXIT

mmdebstrap --quiet --variant=apt --include=docker.io,docker-cli,docker-buildx,runc,iptables,mount trixie "$room/root" >"$room/log" 2>&1
mkdir -p "$room/data" "$room/sock" "$room/root"/{data,old}
unshare --mount sh -ec '
  mount --rbind "$1/root" "$1/root"; cd "$1/root"
  mount -t proc proc proc; mount --rbind /sys sys; mount --rbind /dev dev; mount -t tmpfs tmpfs run
  mkdir run/sock; mount --bind "$1/data" data; mount --bind "$1/sock" run/sock
  pivot_root . old; cd /; umount -l /old
  PATH=/usr/sbin:/usr/bin:/sbin:/bin exec dockerd --host=unix:///run/sock/docker.sock --data-root=/data --exec-root=/run/exec \
    --pidfile=/run/dockerd.pid --bridge=none --iptables=false --ip6tables=false' sh "$room" >>"$room/log" 2>&1 &
daemon=$!

export LC_ALL=C
export DOCKER_HOST=unix://$room/sock/docker.sock HOME=$room DOCKER_CONFIG=$room BUILDX_NO_DEFAULT_ATTESTATIONS=1
docker() { "$room/root/usr/bin/docker" "$@"; }
build() { "$room/root/usr/libexec/docker/cli-plugins/docker-buildx" build --progress=plain --network=none "${@:2}" "$1"; }
for _ in $(seq 120); do docker version >/dev/null 2>&1 && break || sleep 0.25; done

versions="$(docker version --format '{{.Server.Version}}') $("$room/root/usr/libexec/docker/cli-plugins/docker-buildx" version | cut -d' ' -f2)"
echo "Docker and buildx: $versions"
[ "$versions" = '26.1.5+dfsg1 0.13.1+ds1' ] || { echo 'other versions than those that this was seen with' >&2; exit 1; }
# expect WHAT WANTED SEEN
expect() {
  echo "$1: $3"
  [ "$2" = "$3" ] || { echo "was: $2" >&2; exit 1; }
}
