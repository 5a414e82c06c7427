# Slices of the arguments and of arrays.
set -- one "two 2" three four five
echo "${@:2:2}"; echo "${@:4}"; echo "${@: -2}"; echo "${@: -2:1}"; echo "${*:2}"; echo "${@:5:9}"; echo "[${@:6}]"; echo "${@:1:0}|"
for each in "${@:2:2}"; do echo "<$each>"; done; for each in ${@:2:1}; do echo "{$each}"; done
echo "${@:$#}" "${@:$#-1:1}" "${!#}" "${@:0:1}"
list=(a b c d e f)
echo ${list[@]:2:2} ${list[@]:4} ${list[@]: -2} ${list[@]::2} "[${list[@]:9}]" ${list[*]:1:3}
unset 'list[1]'; echo ${list[@]:1:2} ${list[@]:0:2}
copy=("${list[@]:2}"); echo ${#copy[@]} ${copy[0]}
echo ${list[2]:0:1} ${list:0}
(IFS=-; echo "${*:2:3}" "${list[*]:0:2}")
head=("${@:1:2}"); rest=("${@:3}"); echo "${#head[@]} ${#rest[@]} ${rest[0]}"
