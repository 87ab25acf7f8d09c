#!/bin/sh
# A runtime for Podman on a machine whose root may not raise limits (no CAP_SYS_RESOURCE, as in many virtual machines of CI):
# Podman 4 asks for a million processes per user where nobody named a number, and no runtime then starts anything. This one
# leaves that wish out and is otherwise runc. The number of processes is limited by the control group.
file=
before=
for argument in "$@"; do
  case "$before" in
    -b | --bundle) file=$argument/config.json ;;
    -p | --process) file=$argument ;;
  esac
  before=$argument
done
if [ -n "$file" ]; then
  sed -i -E 's/"type":"RLIMIT_NPROC","hard":[0-9]+,"soft":[0-9]+/"type":"RLIMIT_CORE","hard":0,"soft":0/' "$file"
fi
exec runc "$@"
