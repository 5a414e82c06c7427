# What declare -f prints defines the function again.
again() { local text; text=$(declare -f "$1"); unset -f "$1"; eval "$text"; "$@"; }
f() { echo "hi $*"; }; again f there
g() { if [ "$1" ]; then echo "yes $1"; elif false; then :; else echo no; fi; }; again g; again g 1
h() { for i in 1 2; do echo $i; done; while read x; do break; done < /dev/null; }; again h
k() { case $1 in a|b) echo ab;; *) echo "other; \"$1\"";; esac; }; again k b; again k 'c d'
l() { x=1; local y=$((x+1)); echo "$y" | cat && true || false; cat <<END
document $1
END
}; again l arg
m() ( cd /; { pwd; } 2> /dev/null ); again m
copy=$(declare -f g); unset -f g; eval "new_$copy"; new_g; g 2> /dev/null; echo $?
declare -f f > saved; unset -f f; . ./saved; f sourced
sh -c "$(declare -f k); k a"
type f | head -n 1; declare -F f; type -t f; declare -f nosuch; echo $?
