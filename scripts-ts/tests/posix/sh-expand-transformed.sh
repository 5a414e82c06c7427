# ${v@…}
v="it's a \"test\""; echo ${v@Q}; plain=abc; echo ${plain@Q}; e=; echo ${e@Q}; nl=$'a\nb\tc'; echo ${nl@Q}
list=(a 'b c'); echo ${list[@]@Q}; echo "${list[*]@Q}"; set -- x 'y z'; echo ${@@Q}
u=mixedCase; echo ${u@U} ${u@u} ${u@L}; esc='a\tb\n'; echo "${esc@E}"
declare -i n=3; declare -rx c=1; echo ${n@a} ${c@a} ${list@a} ${u@a}.
copy=${v@Q}; eval "again=$copy"; [ "$again" = "$v" ] && echo same
p='a\nb'; echo "${p@P}"; echo ${n@A} ${list[@]@A}; echo ${list[@]@K} ${list[@]@k}; echo ${list[@]@U}
unset none; echo "[${none@Q}]"
