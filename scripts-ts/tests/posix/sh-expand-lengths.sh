# ${#…}
v=hello; e=; unset u; list=(a bb ccc); declare -A map=([k]=value)
echo ${#v} ${#e} ${#u} ${#list} ${#list[1]} ${#list[@]} ${#list[*]} ${#map[k]} ${#map[@]} ${#list[9]}
set -- x yy zzz; echo $# ${#} ${#@} ${#*} ${#1} ${#3} ${#9}
set --; echo $# ${#@}; set -- {1..15}; echo ${#10} $# ${#}
list[10]=far; echo ${#list[@]} ${#list[10]}; (exit 130); echo ${##} $? ${#?}
echo "${#v}px" $((${#v}*2)) ${v:${#v}-2}; [ ${#v} -gt 3 ] && echo long
text=$'a\nb'; echo ${#text}; text='  '; echo ${#text}; echo ${#-} | grep -c '[0-9]'
pad() { local s=$1; while [ ${#s} -lt $2 ]; do s=$s.; done; echo "$s"; }; pad ab 5
