# ${v:=…} assigns, and what comes after it in the same line sees that.
exec 2>&1
unset v w
echo ${v:=first} ${v:=second} $v
echo ${w=${v}x} $w; w=; echo "[${w=kept}]" "[${w:=filled}]"
unset n; echo $((${n:=5} + n)) $n
unset i; : ${i:=a   b}; echo "$i"; unset i; : "${i:=a   b}"; echo "$i"
list=(x); : ${list[2]:=third}; echo ${#list[@]} ${list[2]}
declare -A map; : ${map[key]:=value}; echo ${map[key]}
x=${unset_before:=chain}; echo $x $unset_before
(echo ${1:=no}; echo not reached); echo $?
(echo ${@:=no}; echo not reached); echo $?
declare -i number; : ${number:=2*3}; echo $number
