# yes until somebody stops reading.
yes | head -n 2; yes a b c | head -n 1; yes '' | head -n 2; yes -- -n | head -n 1; yes "$(seq 2)" | head -n 3
yes | head -c 7; echo; yes x | head -n 10000 | uniq -c; yes -x 2>&1 | head -n 1; yes y | sed 3q
yes no | tr -d '\n' | head -c 10; echo; (yes; echo $? >&2) 2> s | head -n 1; yes | cat | head -n 1
