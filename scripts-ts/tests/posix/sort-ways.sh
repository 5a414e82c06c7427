# -r -u -f -d -i -b -s -z -m -o -c and their mixtures.
exec 2>&1
printf '%s\n' b A a B 'a b' a-b ab _a ' a' A a '' > f
sort f; echo ==; sort -r f; echo ==; sort -f f; echo ==; sort -fu f; echo ==; sort -d f; echo ==; sort -df f; echo ==
sort -u f; echo ==; sort -b f; echo ==; sort -fs f; echo ==; sort -fr f; echo ==; sort -ru f; echo ==; sort -bfd f
printf 'a\nc\ne\n' > 1; printf 'b\nc\nd\n' > 2; sort -m 1 2; sort -mu 1 2; sort -mr 1 2; sort -m 1 - < 2
sort 1 2 -o 1; cat 1; sort -o new -r 2; cat new; sort 2 -o 2 -u; cat 2
sort -c 2; echo $?; sort -c f; echo $?; sort -C f; echo $?; sort -cr 2; echo $?; sort -cu 2
printf 'a\na\n' | sort -cu; echo $?; printf 'a\na\n' | sort -c; echo $?; sort -c 1 2; echo $?
printf 'b\0a\nc\0' | sort -z | tr '\0' '!'; echo; printf 'b\na' | sort; sort /dev/null; sort gone 2; echo $?
sort -o no/such 2; echo $?; sort -nd 2; sort -ng 2; sort -hn 2; sort -x 2; echo $?; sort --reverse --unique 1
sort --sort=numeric 1 | head -n 1; sort --parallel=2 2
