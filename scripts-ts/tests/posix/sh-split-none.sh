# With an empty IFS nothing is split, but names still match.
show() { printf '%s:' $#; printf ' <%s>' "$@"; echo; }
: > 'a b'; : > ab
IFS=; v='a b  c'; show $v; show $(echo 1 2); v='a*'; show $v; show *; set -- x 'y z'; show $*; show "$*"; show $@; show "$@"
v=$'line\nline'; show $v; read -r l <<< '  kept  '; show "$l"; read a b <<< 'one two'; show "$a" "$b"; list=(1 '2 3'); show "${list[*]}"; show ${list[*]}
f() { local IFS=,; echo "$*"; }; f 1 2 3; show "$*"; (IFS=+; echo "$*"); show "$*"
IFS=' '; show $v; IFS=, read a b <<< 1,2; show "$a" "$b" $'x y'; echo "${IFS}|"; unset IFS; show $v; echo "${IFS-unset}"
