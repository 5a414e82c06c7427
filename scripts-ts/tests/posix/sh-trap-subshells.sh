# What subshells do with traps.
exec 2>&1
trap 'echo parent exit' EXIT; trap 'echo parent usr' USR1; trap '' USR2
(echo sub; trap -p USR2); (trap -p); (trap 'echo sub exit' EXIT; :); x=$(trap -p USR1); echo "$x"; { echo group; } | cat; echo a | (cat; trap 'echo stage exit' EXIT); (kill -USR2 $$; echo ignored in sub); (trap - USR1; trap -p USR1; echo reset); trap -p USR1
f() ( trap 'echo f exit' EXIT; echo in f ); f; y=$(f); echo "$y"; (trap 'echo 1' EXIT; (trap 'echo 2' EXIT; echo 3)); (exit 3) ; echo $?; (trap 'echo t $?' EXIT; exit 4); echo $?; (trap 'exit 6' EXIT; exit 4); echo $?; (trap 'echo bg exit' EXIT; echo bg) & wait; sh -c 'echo child'; eval '(trap "echo e" EXIT)'; trap 'echo replaced' EXIT
