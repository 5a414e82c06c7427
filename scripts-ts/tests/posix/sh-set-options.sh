# set, its options and its arguments.
exec 2>&1
set -- a b; echo $#; set -- ; echo $#; set x y; echo $2; set -- -e; echo $1; set -f -- p; case $- in *f*) echo f $1;; esac; set +f; set - q r; echo $*; set --; set -eu; case $- in *e*) case $- in *u*) echo eu;; esac;; esac; set +eu; set -o noglob; echo *; set +o noglob; set -f; [[ -o noglob ]] && echo on; set +f; set -o | grep -c .  >/dev/null; set -o | grep noglob; set +o | grep -x 'set +o errexit'; set -a; av=1; set +a; sh -c 'echo $av'; bv=2; sh -c 'echo [$bv]'
set -n 2>/dev/null; echo noexec
