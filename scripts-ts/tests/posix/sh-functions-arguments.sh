# Positional parameters of functions.
show() { echo "$#:$*"; }
show; show a; show "a b" c; show ""; show "$@"; set -- 1 2 3; show "$@"; show $*; show "$*"; f() { shift; show "$@"; shift 2 2>/dev/null; echo $?; show "$@"; set -- new; show "$@"; }; f a b; echo "$# $1"
g() { for a; do echo -n "<$a>"; done; echo; }; g x "y z" '' w; h() { while [ $# -gt 0 ]; do echo -n "$1,"; shift; done; echo; }; h p q r; last() { echo "${!#}" "${@: -1}"; }; last a b c; k() { echo "$0" "${1:-default}" "${2?}"; }; k '' b
args() { local i=1; for a in "$@"; do echo "$i=$a"; i=$((i+1)); done; }; args "$(echo one; echo two)" three; args {a,b}{1,2} | tail -n 1; reverse() { local r=(); for a; do r=("$a" "${r[@]}"); done; echo "${r[@]}"; }; reverse 1 2 '3 4'
join() { local IFS=$1; shift; echo "$*"; }; join , a b c; join + 1 2; eleven() { echo ${10} ${11} $10; }; eleven a b c d e f g h i j k; shift; echo $1; opt() { local v=; [ "$1" = -v ] && { v=1; shift; }; echo "v=$v $*"; }; opt -v x; opt x -v
sum() { local t=0 n; for n in "$@"; do ((t+=n)); done; echo $t; }; sum 1 2 3; sum; sum {1..100}; x=$(sum $(seq 4)); echo $x; pass() { sum "$@"; }; pass 5 6
