# Redirections of whole commands.
exec 2>&1
for i in 1 2 3; do echo $i; done > f; cat f; while read n; do echo $((n*n)); done < f > g; cat g; if read first; then read second; echo $second; fi < f
case x in x) echo cased; echo err >&2;; esac > f 2>&1; cat f; { echo a; { echo b >&2; } 2>&1; } > f; cat f; ( cd /; pwd ) > f; cat f
f() { echo "f says $1"; cat; } < f > g; f hello; cat g; until ! read l; do echo "u $l"; done < g; i=0; while ((i++ < 2)); do cat; done <<< once
{ read a; for x in 1 2; do read b$x; done; } <<END
first
second
third
END
echo $a $b1 $b2; while read a; do read b; echo "$a+$b"; done < <(seq 4); total=0; while read n; do total=$((total+n)); done < <(seq 10); echo $total
while read l; do echo "outer $l"; while read m; do echo "inner $m"; done <<< "x"; done <<< $'1\n2'; while read -u 4 l; do read k; echo "$l $k"; done 4<<< $'a\nb' <<< $'1\n2'
[[ -n x ]] > f; echo $?; (( 1 )) > f; echo "$? $(wc -c < f)"; { echo shown; } 2>/dev/null; { nosuchcmd; } 2>/dev/null; echo $?; select x in a; do echo $x; break; done <<< 1 2>/dev/null
