#!/bin/sh
# Conmon 2.1.6 (Debian 12) writes that a container ran out of memory into the directory that it was started in, and Podman looks
# for it in the container's own. This one starts it there; later versions need none of it.
bundle=
before=
for argument in "$@"; do
  case "$before" in -b | --bundle) bundle=$argument ;; esac
  before=$argument
done
[ -z "$bundle" ] || cd "$bundle" || exit 1
exec conmon "$@"
