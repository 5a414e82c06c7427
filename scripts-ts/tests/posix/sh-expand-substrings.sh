# ${v:offset:length} with arithmetic, negative numbers and ends.
exec 2>&1
v=0123456789
echo ${v:0} ${v:3} ${v:3:4} ${v: -3} ${v: -3:2} ${v:(-4):2} ${v:2:-2} ${v: -5:-2} "[${v:10}]" "[${v:11}]" "[${v:5:0}]"
i=2 n=3; echo ${v:i:n} ${v:i+1:n*2} ${v:$i:$n} ${v:$((i*2))} ${v:i?1:0} ${v: -i} ${v:i:${#v}-i-1} "${v:0x3:2}"
echo ${v::3} "[${v::0}]"; (echo "${v:}"; echo no); echo "${v:1:100}"
e=; echo "[${e:0:1}]" "[${e:1}]"; unset u; echo "[${u:0:3}]"
(echo ${v:3:-8}; echo no); echo $?
(echo ${v:1 2}; echo no); echo $?
first=${v:0:1} last=${v: -1}; echo $first $last; [ "${v:0:2}" = 01 ] && echo starts
text="two words"; echo "${text:3}" ${text:3} "${text:0:4}|"
