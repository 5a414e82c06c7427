# for over words of every kind.
for i in a b c; do echo -n "$i "; done; echo; for i in; do echo no; done; echo $?; for i in "" x; do echo "[$i]"; done; for i in {1..3} {a,b}; do echo -n $i; done; echo; v='p q'; for i in $v "$v" '$v'; do echo "<$i>"; done; touch f1 f2; for i in f* g*; do echo $i; done
set -- x 'y z'; for i; do echo "<$i>"; done; for i in "$@"; do echo "{$i}"; done; for i in $*; do echo "($i)"; done; for i do echo $i; done; for i in $(seq 3); do echo -n $i,; done; echo; for i in $(printf 'a b\nc\n'); do echo -n "$i;"; done; echo
for i in 1 2 3; do i=changed; echo -n "$i "; done; echo $i; for i in 1; do :; done; echo $?; for i in 1; do false; done; echo $?; for i in 1 2; do for j in a b; do echo -n $i$j' '; done; done; echo; for if in then; do echo $if; done; for in in in; do echo $in; done; for x in do done; do echo $x; done
for i in a \
  b
do echo $i
done
for i in 1 2
do
	if [ $i = 1 ]; then continue; fi
	echo "only $i"
done | cat; list=(1 '2 3'); for i in "${list[@]}"; do echo "$i"; done; for i in "${!list[@]}"; do echo "$i=${list[i]}"; done; n=0; for i in a b c; do n=$((n+1)); done; echo $n; for ((i=10; i>0; i-=3)); do echo -n "$i "; done; echo $i; for ((i=0;i<2;i++)) { echo c$i; }; for i in 1 2; do echo $i; done > out; cat out; for i in *; do echo "$i"; done
for ((i=0, j=5; i<j; i++, j--)); do echo -n "$i-$j "; done; echo; for (( ; ; )); do echo forever; break; done; for ((i=1;;i*=2)); do ((i>50)) && break; done; echo $i; k=3; for ((;k--;)); do echo -n $k; done; echo; for ((i=0; i<3; i++)); do [ $i = 1 ] && continue; echo -n $i; done; echo; readonly ro=1; (for ro in 2; do echo $ro; done) 2>/dev/null; echo $?
