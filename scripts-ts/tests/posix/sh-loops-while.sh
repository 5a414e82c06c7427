# while and until.
i=0; while [ $i -lt 3 ]; do echo -n "$i "; i=$((i+1)); done; echo; until [ $i -eq 0 ]; do i=$((i-1)); echo -n "$i "; done; echo; while false; do echo no; done; echo $?; until true; do echo no; done; echo $?; while true; do false; break; done; echo $?; i=0; while i=$((i+1)); [ $i -lt 4 ]; do echo -n $i; done; echo
printf 'a 1\nb 2\nc 3' | while read k v; do echo "$k=$v"; done; printf 'a\nb\nlast' | while read -r l || [ -n "$l" ]; do echo "[$l]"; done; while read -r a b <&3; do echo "$b$a"; done 3<<< $'x y\nz w'; while IFS=, read -r a b c; do echo "$c|$b|$a"; done <<END
1,2,3
4,,6
7
END
count=0; while read -r line; do count=$((count+1)); done < <(seq 5); echo $count; seq 5 | while read n; do count=$((count+n)); done; echo $count; while :; do while :; do break 2; done; done; echo out; x=abc; while [ -n "$x" ]; do echo -n "${x%"${x#?}"}."; x=${x#?}; done; echo; i=5; while ((i-- > 0)); do ((i % 2)) && continue; echo -n "$i "; done; echo
while echo cond; false; do echo no; done; until echo cond; do echo no; done; while [ "$1" ]; do shift; done; set -- a b c; while [ $# -gt 0 ]; do case $1 in b) shift; continue;; esac; echo "$1"; shift; done; while read x; do echo $x; done <<< one | cat; while read x; do (exit $x); done <<< 3; echo $?; i=0; until ((++i >= 4)) || [ $i = 2 ]; do :; done; echo $i; while ! true; do :; done; echo $?; i=0; while ((i<1000)); do ((i++)); done; echo $i
