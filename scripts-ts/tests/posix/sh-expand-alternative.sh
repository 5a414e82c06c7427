# ${v:+…} builds optional arguments.
count() { echo "$#: $*"; }
unset name; count ${name:+--name "$name"}
name="a b"; count ${name:+--name "$name"}; count "${name:+--name "$name"}"
name=; count ${name:+x} ${name+y}
path=; for each in /bin /usr/bin /sbin; do path=${path:+$path:}$each; done; echo $path
list=(p q); count ${list[@]+"${list[@]}"}; list=(); count ${list[@]+"${list[@]}"}
set --; count ${1+"$@"}; set -- "a b" ""; count ${1+"$@"}
verbose=1; echo run${verbose:+ -v}${debug:+ -d} file
count ${name+"$name"} "${name+"$name"}"
