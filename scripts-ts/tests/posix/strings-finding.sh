# Runs of characters that can be printed: how long, where, in which file.
exec 2>&1
printf 'ab\001hello\000wor\tld\n\377xyz1\200four' > f; printf 'plain text\n' > t
strings f; strings -n 3 f; strings -n3 t; strings -5 f; strings -t d f; strings -t x f; strings -t o f; strings -o f
strings -f f t; strings -a f; strings - f; strings --bytes=6 f; strings --radix=d f; strings -n 1 f | head -n 2
strings < f; cat f t | strings -n 5; strings t f; strings /dev/null; strings -n 0 f; echo $?; strings -n x f; echo $?
strings gone; echo $?; strings gone t; echo $?; strings -t q f > /dev/null 2>&1; echo $?
strings -q f > /dev/null 2>&1; echo $?
