yes | head -n 3; yes a b | head -n 2; yes -- -x | head -n 1; yes | head -c 100000 | wc -c; yes x > /dev/full 2> err; echo $?; cat err
