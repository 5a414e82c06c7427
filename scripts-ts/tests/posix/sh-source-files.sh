# . and source: arguments, return, variables, where files are found.
exec 2>&1
cat > lib <<'END'
echo "lib: $# $*"
lib_var=set
lib_fn() { echo "fn $1"; }
shift 2>/dev/null
echo "left: $*"
return 3
echo not reached
END
. ./lib; echo $? $lib_var; lib_fn x; set -- main args; . ./lib; echo $*; . ./lib one two three; echo $*; source ./lib q; echo $*; f() { . ./lib; echo "in f: $*"; }; f in f; g() { . ./lib "$@" extra; }; g a; echo $?
echo 'echo sourced by name' > named; . named 2>/dev/null; echo $?; PATH=$PWD:$PATH . named; (PATH=$PWD; . named); echo 'set -- changed' > setter; . ./setter; echo $*; . ./setter x; echo $*; echo 'exit 4' > leave; (. ./leave; echo no); echo $?; echo 'false' > fail; . ./fail; echo $?; : > empty; . ./empty; echo $?; . ./empty x && echo fine; printf 'echo no newline' > nn; . ./nn; echo 'x=$(cat)' > reader; . ./reader <<< input; echo $x
. ./nosuch; echo $?; .; echo $?; . -- ./empty; echo $?; echo 'if true' > bad; . ./bad; echo $?; echo 'echo before
)' > bad2; . ./bad2; echo $?; mkdir d; . ./d; echo $?; echo '. ./inner; echo outer $?' > outer; echo 'return 7' > inner; . ./outer; for i in 1 2; do echo 'break' > brk; . ./brk; echo no; done; echo $i; echo 'local l=1; echo $l' > loc; h() { . ./loc; echo $l; }; h; . ./loc 2>/dev/null; . /dev/stdin <<< 'echo from stdin'; . <(echo 'echo from process'); echo '#!/bin/sh
# comment only' > cm; . ./cm; echo $?; echo 'echo $0' > zero; . ./zero; (cd /; . "$OLDPWD/zero"); . ./named | tr a-z A-Z; y=$(. ./named); echo $y; echo 'alias_free=1' > v; . ./v && echo $alias_free; source named 2>/dev/null || . ./named
