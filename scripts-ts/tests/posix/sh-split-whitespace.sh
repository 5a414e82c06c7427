# Splitting at blanks.
show() { printf '%s:' $#; printf ' <%s>' "$@"; echo; }
v='  a  b	c
d  '
show $v; show "$v"; show x$v; show ${v}x; show x${v}x; show $v$v; show $(echo "$v"); show `echo "$v"`
unset IFS; show $v; IFS=' '; show $v; IFS=$'\n'; show $v; IFS=$'\t'; show $v; IFS=$' \t\n'; show $v
e=; show $e; show $e $e; show a $e b; show "" $e; sp='   '; show $sp; show "$sp"; show x$sp; show $sp"x"; show $sp""
show ${v:-x}; show ${none:-a b  c}; show ${none:-"a b" c}; show ${none:-$v}
n=$((1000)); IFS=0; show $n; show $((101)); show "$((101))"; unset IFS; show $((101))
