exec 2>&1
a=(1 2 3); a[5]=six; echo ${a[@]} ${#a[@]} ${!a[@]} ${a[-1]} "${a[@]:1:2}" ${a[*]}; a+=(7); echo ${a[@]}; unset 'a[0]'; echo ${!a[@]}; declare -p a
declare -A m=([x]=1 ["y z"]=2); m[q]=3; for k in x "y z" q; do echo "$k=${m[$k]}"; done; echo ${#m[@]}; unset 'm[x]'; echo ${m[x]-gone} ${m[q]}; m[q]+=4; echo ${m[q]}
x=(a b c); for i in "${x[@]}"; do echo $i; done; echo ${#x} ${#x[1]} ${x[@]/b/Z} "${x[@]#a}"; x[1]=; echo "${x[@]}"; y=("${x[@]}"); echo ${#y[@]}; echo ${x[$((1+1))]} ${x[1+1]} ${x[nope]}
z=(); echo ${#z[@]} "${z[@]}" ${z[@]-none} ${z[0]:-d}; c=5; c[2]=7; echo ${c[@]}; b=(1); b+=(2 3); echo "${b[@]}"; b[0]+=x; echo ${b[0]} $b
w=([3]=d e [1]=b); echo ${!w[@]} ${w[@]}; n=(one "two three" $(echo four five) {6..7}); echo ${#n[@]}; for i in "${!n[@]}"; do echo "$i:${n[i]}"; done
f() { local l=(x y); l+=(z); echo ${l[@]} ${#l[@]}; declare -A t=([k]=v); echo ${t[k]}; }; f; echo ${l[@]-none}
mapfile -t mf <<< $'a\nb\nc'; echo ${#mf[@]} ${mf[2]}; readarray -n 2 -s 1 rf <<< $'a\nb\nc\nd'; printf '%s' "${rf[@]}"; read -a ra <<< "x y z"; echo ${ra[1]} ${#ra[@]}
multi=(
	one # comment
	two
	"three four"
)
echo ${#multi[@]} "${multi[2]}"; copy=("${multi[@]:1}"); echo "${copy[@]}"; echo "${multi[@]^}" "${multi[@]%e}"
declare -a e; echo ${#e[@]}; declare -p e; e=single; echo ${e[0]}; unset e; e[3]=x; echo ${!e[@]}; echo ${e[@]:0}
IFS=, ; j="${multi[*]}"; echo "$j"; unset IFS; true | false | true; echo ${PIPESTATUS[@]} ${#PIPESTATUS[@]}; true; echo "${PIPESTATUS[0]}"
a[x y]=1; echo not reached
