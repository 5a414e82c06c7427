# Expansions happen from left to right, once.
i=0; echo $((i++)) $((i++)) $i; echo ${v:=x}$v${v:+y}; a=1; echo $a $((a=2)) $a
x='$y'; y=no; echo $x "$x"; eval echo $x; x='`echo no`'; echo $x; x='$(echo no)'; echo "$x"; x="a'b"; echo $x; x='\*'; echo $x "$x"; x='{1,2}'; echo $x; x='~'; echo $x
x='a b'; set -- $x'c d'; echo $#; set -- $x"c d" e; echo "$1|$2|$3"; x=' lead'; set -- a$x; echo $#; x='trail '; set -- ${x}b; echo $#
x="echo hidden"; $x; cmd=echo arg='a  b'; $cmd $arg; "$cmd" "$arg"; none=; $none echo after nothing; x='x=1'; $x 2>/dev/null || echo "no assignment: $?"
q='"quoted words"'; set -- $q; echo $# $1; semi='a;b'; echo $semi; pipe='a|b >c'; echo $pipe; comment='#x'; echo $comment
n=1; n=$((n+1)) m=$n; echo $m; f() { echo "$1"; }; z=1; z=2 f $z
b=$(echo '$HOME'); echo "$b"; c=`echo '\\\\$HOME'`; echo "$c"
