# -c -d -u -D and --group; -f -s -w -i say what is compared.
exec 2>&1
printf '%s\n' a a b c c c A d d > f; printf '%s\n' '1 x a' '2 x a' '3 x b' '  4   x b' > g
uniq -c f; uniq -d f; uniq -u f; uniq -D f; uniq -dc f; uniq -uc f; uniq -ic f; uniq -id f; uniq -iu f
uniq --group f; uniq --group=prepend f; uniq --group=append f; uniq --group=both f; uniq --all-repeated=none f
uniq --all-repeated=prepend f
uniq -f1 g; uniq -f2 -c g; uniq -f1 -w2 g; uniq -s2 g; uniq -s 20 g; uniq -w 0 f; uniq -w1 g; uniq -f1 -s1 -w1 -c g
uniq -1 g
uniq f out; cat out; uniq - - < f | head -n 1; uniq -z f | wc -c; printf 'a\na' | uniq -c; uniq /dev/null
uniq f no/such; echo $?; uniq gone; echo $?; uniq --group=x f > /dev/null; echo $?; uniq -c --group f; echo $?
uniq -w x f; echo $?; uniq -f -1 f; echo $?; uniq -q f; echo $?
