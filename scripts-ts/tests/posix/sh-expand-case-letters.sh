# Upper and lower case.
v='hello World'
echo ${v^} ${v^^} ${v,} ${v,,} "${v^^[lo]}" ${v^[a-g]} ${v^h} ${v,,W} ${v^^?}
list=(one Two); echo ${list[@]^} "${list[@]^^}" ${list[*],,}
set -- first second; echo ${@^} "${*^^}" ${1^^[aeiou]}
e=; echo "[${e^}]" "[${e,,}]"; n=42x; echo ${n^} ${n^^}
declare -u up=quiet; declare -l low=LOUD; echo $up $low; up+=er; low+=ER; echo $up $low
declare -u arr=(a b); arr[2]=c; echo ${arr[@]}
word=camelCaseName; snake=; i=0
while [ $i -lt ${#word} ]; do
	c=${word:i:1}; case $c in [A-Z]) snake+=_${c,};; *) snake+=$c;; esac; i=$((i+1))
done
echo $snake; title=; for w in the quick fox; do title+="${w^} "; done; echo "${title% }"
