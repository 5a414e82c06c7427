exec 2>&1
declare -r R=1; declare -x X=2; declare -p R X; declare -a L=(1 2); declare -p L; declare -A M=([a]=b); declare -p M; declare -u U=abc; echo $U; declare -l l=ABC; echo $l; declare -i n=2+2; n+=3; echo $n; declare -p n U
export A=1; readonly B=2; (unset B); B=3 true; echo $?; (B=4; echo no); echo $?; sh -c 'echo $A'; export -n A; sh -c 'echo [$A]'; C=3 sh -c 'echo $C'; echo ${C-none}; export D; D=4; sh -c 'echo $D'; readonly -p | head -n 0; export E=5 F=6; sh -c 'echo $E$F'
x=1 y=2 z=$x$y; echo $z; x=5; x=6 y=$x; echo $y; x=1 x=2; echo $x; a=$((1)) b=$((a+1)); echo $b; x=1 eval 'echo $x'; echo $x; unset x y; echo ${x-u}${y-u}; unset nope; echo $?; v=; echo ${v-set}${v:-empty}
a=b; b=c; echo ${!a}; declare -n r=a; echo $r; r=Z; echo $a; echo ${!r}; unset -n r; echo ${r-gone}; f() { local -n ref=$1; ref=changed; }; q=old; f q; echo $q
export 1a=3; echo $?; declare 2b=1; echo $?; unset 3c; echo $?; readonly ro=1; ro=2 echo still; declare ro=3; echo $?; unset ro; echo $?; export ro; readonly ro; echo $?; typeset t=typed; echo $t; declare -z; echo $?
_x=under; X1=digit; echo $_x$X1 ${X1}y; echo "$-" > /dev/null; set -- a b; echo $# $@; echo $0; true x y z; echo $_; echo ${#PWD} > /dev/null; (exit 7); echo $?; echo $((SECONDS < 5)); PS4='> '; set -x; : traced; set +x
s="a b"; declare "dyn=$s"; echo "$dyn"; declare copy=$s; echo "$copy"; local l=1; f() { local a=$s b="x $s"; echo "$a|$b"; unset a; echo ${a-unset}; }; f; export "P=$s"; echo "$P"; set -a; auto=1; set +a; sh -c 'echo $auto'; declare -f nofunc; echo $?
let "e = 3 + 4" e++; echo $e; p=(1 2); p=scalar; echo ${p[@]}; declare +x X; sh -c 'echo [$X]'; printf '%s\n' "${P@Q}" "${L@a}" "${n@a}"
