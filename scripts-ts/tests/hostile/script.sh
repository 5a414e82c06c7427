script -q -c "cat \"$IN\"" log
