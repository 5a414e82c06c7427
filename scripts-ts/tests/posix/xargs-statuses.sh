# What becomes of the statuses of the commands, and mistakes in the options.
exec 2>&1
s() { "$@"; echo " $?"; }
s xargs true < /dev/null; echo 1 | s xargs false; echo 1 | s xargs sh -c 'exit 7'; echo 1 | s xargs sh -c 'exit 255'
echo 1 2 | s xargs -n1 sh -c 'echo $0; exit 255'
seq 3 | s xargs -n1 sh -c 'test $0 != 2'; echo 1 | s xargs nothing-here; echo > plain; echo 1 | s xargs ./plain
echo 1 | s xargs sh -c 'kill -9 $$'
echo a | s xargs -n 0; echo a | s xargs -n x; echo a | s xargs -L 0; echo a | s xargs -s x; echo a | s xargs -P x
echo a | s xargs -q; echo a | s xargs -d xy; echo a | s xargs -d; echo a | s xargs -I
echo aaaaaaaaaaaaaaaaaaaaaaaa | s xargs -s 10; seq 5 | s xargs -s 12 echo; seq 5 | s xargs -x -s 9 -n 3 echo
printf 'a b c\n' | s xargs --max-args=1 --verbose echo; printf 'a\n' | s xargs --null echo | tr '\0' !
seq 4 | xargs --max-procs=2 -n1 | sort; seq 2 | s xargs --max-lines=1 echo; seq 2 | s xargs --replace echo {}.
seq 2 | s xargs --delimiter='\n' echo; s xargs --arg-file=gone
