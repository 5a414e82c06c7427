# Sorts, without sort.
bubble() { local a=("$@") i j t; for ((i = 0; i < ${#a[@]}; i++)); do for ((j = 0; j < ${#a[@]} - i - 1; j++)); do ((a[j] > a[j + 1])) && t=${a[j]} a[j]=${a[j + 1]} a[j + 1]=$t; done; done; echo "${a[@]}"; }
quick() { (($# <= 1)) && { echo "$@"; return; }; local p=$1 x low=() high=(); shift; for x; do if ((x < p)); then low+=($x); else high+=($x); fi; done; echo $(quick "${low[@]}") $p $(quick "${high[@]}"); }
insertion() { local sorted=() x i; for x; do for ((i = ${#sorted[@]}; i > 0 && sorted[i - 1] > x; i--)); do sorted[i]=${sorted[i - 1]}; done; sorted[i]=$x; done; echo "${sorted[@]}"; }
merge() { local -a a=($1) b=($2) out=(); while ((${#a[@]} && ${#b[@]})); do if ((a[0] <= b[0])); then out+=(${a[0]}); a=("${a[@]:1}"); else out+=(${b[0]}); b=("${b[@]:1}"); fi; done; echo "${out[@]}" "${a[@]}" "${b[@]}"; }
merge_sort() { (($# <= 1)) && { echo "$@"; return; }; local half=$(($# / 2)); merge "$(merge_sort "${@:1:half}")" "$(merge_sort "${@:half+1}")"; }
numbers=(38 27 43 3 9 82 10 -5 27)
for way in bubble quick insertion merge_sort; do echo "$way: $(echo $($way "${numbers[@]}"))"; done
find_in() { local x=$1 low=0 high mid; shift; local a=("$@"); high=$((${#a[@]} - 1)); while ((low <= high)); do ((mid = (low + high) / 2)); if ((a[mid] == x)); then echo "found $x at $mid"; return; elif ((a[mid] < x)); then low=$((mid + 1)); else high=$((mid - 1)); fi; done; echo "no $x"; return 1; }
find_in 43 $(bubble "${numbers[@]}"); find_in 4 $(bubble "${numbers[@]}"); echo $?
words=(pear Apple fig banana); for ((i = 0; i < ${#words[@]}; i++)); do for ((j = i + 1; j < ${#words[@]}; j++)); do [[ ${words[j],,} < ${words[i],,} ]] && { t=${words[i]}; words[i]=${words[j]}; words[j]=$t; }; done; done; echo "${words[@]}"
