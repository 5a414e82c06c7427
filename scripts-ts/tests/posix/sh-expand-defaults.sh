# Defaults may hold any expansion, and others inside them.
exec 2>&1
unset a b c
echo ${a:-${b:-${c:-deep}}} ${a-${b-"two words"}} ${a:-$((6*7))} ${a:-$(echo made)} ${a:-`echo old`}
c=set
echo "${a:-${b:-$c}}" "${a:-"$c"}" "${a:-'$c'}" ${a:-'$c'} ${a:-\$c}
for word in ${a:-one "two three" four}; do echo "<$word>"; done
for word in "${a:-one "two three" four}"; do echo "<$word>"; done
empty=
echo "[${empty-unset}]" "[${empty:-empty}]" "[${empty+set}]" "[${empty:+full}]"
echo "${a:-{braces\}}" ${a:-"}"} "${a:-a}b}" ${a:-~} ${a:-"~"} | sed "s|$HOME|HOME|g"
set -- "" x
echo "[${1-unset}]" "[${1:-empty}]" "[${3-third}]" "[${2:+second}]" "[${@:-none}]"
set --
echo "[${@:-none}]" "[${*-none}]" "[${1-first}]" "[${#:-count}]"
list=()
echo "[${list[@]:-none}]" "[${list[0]-zero}]" "[${list[*]+set}]"
