# Sourced behind private-docker.bash by the scripts that run something in a container: makes the image `base`, which is dash and coreutils' env of Debian 13.
dash=$(chroot "$room/root" dpkg-query -Wf '${Version}' dash)
echo "dash: $dash"
mkdir -p "$room/base"/{bin,lib/x86_64-linux-gnu,lib64}
cp "$room/root/usr/bin/env" "$room/base/bin/env" && cp "$room/root/usr/bin/dash" "$room/base/bin/sh"
cp -L "$room/root/usr/lib/x86_64-linux-gnu/libc.so.6" "$room/base/lib/x86_64-linux-gnu/" && cp -L "$room/root/lib64/ld-linux-x86-64.so.2" "$room/base/lib64/"
tar -C "$room/base" -c . | docker import - base >"$room/log"
