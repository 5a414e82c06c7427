exec 2>&1
f() { echo "$@"; }; f a | cat; f b > out; cat out; f "$(f c)"; x=$(f d; exit 3); echo $? $x
f() { local x=2; echo $x; g; }; g() { echo "g:$x"; x=9; }; x=1; f; echo $x; f() { local a=1 b; b=2; echo $a $b ${c-none}; declare -i n=2+3; echo $n; declare -g G=5; }; f; echo ${a-u} ${b-u} $G ${n-u}
f() { echo $FUNCNAME $# $1; return 5; }; f x y; echo $?; function g { echo g; }; g; unset -f g; g; echo $?
foo() ( x=5; echo $x; exit 2 ); foo; echo $? ${x-unset}; bar() if true; then echo bar; fi; bar; baz() { echo $1; } > baz.out; baz q; cat baz.out; function h() { echo h; }; h
f() { for a; do echo "$a"; done; }; f "x y" z; g() { shift; echo $1; set -- q; echo $1; }; set -- keep; g 1 2; echo $1
f() { [ $1 -eq 0 ] && return; f $(($1-1)); echo $1; }; f 5; g() { local n=$1; if [ $n -le 1 ]; then echo 1; else echo $((n * $(g $((n-1))))); fi; }; g 10
f() { return; }; false; f; echo $?; g() { return 300; }; g; echo $?; h() { false; return; }; h; echo $?; k() { for i in 1 2; do while true; do return 7; done; done; }; k; echo $?
f() { f2; }; f2() { echo ${FUNCNAME[@]}; }; f; echo $LINENO
ls() { echo myls; }; ls; command ls /nonexistent 2>/dev/null || echo real; unset -f ls; cd() { builtin cd "$@" && echo cd; }; cd /; pwd; unset -f cd
f() { echo in; g() { echo nested; }; }; f; g; v=1 f; echo ${v-unset}; h() { echo $v; }; v=2 h; f() { echo redefined; }; f; type -t f; declare -F
f() { local IFS=:; echo "$*"; }; f a b; echo "$*"; f() { local -r r=1; r=2; echo no; }; (f) 2>/dev/null; echo $?; f() { local x=$(false); echo $?; local y; y=$(false); echo $?; }; f
local z; echo $?; return; echo $?; f() { FUNCNEST=10; r; }; r() { r; }; (f) 2>/dev/null; echo $?; break; echo $?; f() { break; }; for i in 1 2; do f 2>/dev/null; echo $i; done
f() { trap 'echo exit' EXIT; }; (f; echo body); f() { set -- "$@" more; echo $#; }; f 1 2; f() { eval "return 4"; }; f; echo $?; f() { echo "${1:?need}"; }; (f) 2>/dev/null; echo $?
