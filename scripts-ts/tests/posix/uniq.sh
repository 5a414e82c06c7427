exec 2>&1
printf 'a\na\nb\nA\na\nc\nc\nc\n' > u; printf '1 x\n2 x\n3 y\n' > f
uniq u; uniq -c u; uniq -d u; uniq -u u; uniq -i u; uniq -ic u; uniq -D u; uniq --all-repeated=separate u; uniq --all-repeated=prepend u; uniq -f1 f; uniq -1 f; uniq -s2 f; uniq -w1 f; uniq -cd u; uniq -du u; uniq u out; cat out; uniq - < u; printf 'a\0a\0' | uniq -z | tr '\0' '!'; echo; printf 'a\na' | uniq; uniq --count --repeated u; uniq --skip-fields=1 --check-chars=2 f; uniq --skip-chars=1 --unique f; uniq -f 9 f; uniq -c --ignore-case u; uniq < /dev/null
uniq nosuch; echo $?; uniq a b c; echo $?; uniq -f x u; echo $?; uniq -w -1 u; echo $?; uniq --nope; echo $?; uniq -cD u; echo $?; uniq . ; echo $?
