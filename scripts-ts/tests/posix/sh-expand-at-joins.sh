# How "$@" and "$*" join with what stands beside them.
show() { printf '%s:' $#; printf ' <%s>' "$@"; echo; }
set -- a "b c" ""
show "$@"; show $@; show "$*"; show $*; show pre"$@"post; show "pre $@ post"; show "$@""$@"; show "$@"x; show ""$@
set --
show "$@"; show "$*"; show pre"$@"post; show ""; show "$@""" ; show "$@" "$@"; show ''$@; show "x$*"
set -- ""; show "$@"; show $@; show "$@""$@"; show "$*"
set -- "" ""; show "$*"; show "$@"; show $*
e=; show $e; show "$e"; show $e"" ; show "$e"$e; show "$e$@"
list=(x "y z"); show "${list[@]}"; show "a${list[@]}b"; show "${list[*]}"; show ${list[@]}; none=(); show "${none[@]}"; show a"${none[@]}"; show "${none[@]}${list[@]}"
IFS=-; set -- a b; show "$*"; show "$@"; v="$*"; show $v "$v"; IFS=; show "$*"; show $*; show "${list[*]}"
