exec 2>&1
sh -c 'set -e; true; false || true; ! true; { false; } || echo guarded; echo here; false; echo not here'; echo $?
sh -e -c '(false); echo not here'; echo $?
sh -ec 'false | true; echo here; A=$(false); echo not here'; echo $?
sh -x -c 'A="x y"; echo $A "$A" | cat; B=1 true'; echo $?
sh -u -c 'echo a $UNSET; echo not here'; echo $?
sh -f -c 'echo /etc/*'
sh -c 'set -o errexit; false; echo not here'; echo $?
sh -c 'set -a; A=1; sh -c "echo \$A"'
sh -c 'set -x +x; echo quiet'
sh -c 'set -z'; echo $?
sh -c 'exit'; echo $?
sh -c 'false; exit'; echo $?
sh -c 'exit 300'; echo $?
sh -c 'exec echo replaced; echo not here'; echo $?
sh -c 'exec sleep 100' & sleep 0.1; kill $!; wait $!; echo $?
