# Columns beside each other, files of different lengths, delimiters in turn.
exec 2>&1
seq 3 > a; printf 'x\ny\n' > b; printf 'p\nq\nr\ns' > c; : > e
paste a b c; paste b a; paste e a; paste a e; paste -d: a b c; paste -d ':-' a b c; paste -d ':-+' a b c e
paste -d '\t\n' a b c; paste -d '\\' a b; paste -d '\0:' a b c; paste -d 'ab\0' a b c; paste -d ' ' a; paste -d, e e
paste -s a b c; paste -sd, a; paste -sd '\n,' c; paste -sd '+-' a c; paste -s e a; paste -sd '' a; echo
paste -s -d '\n' a
paste - - - < c; paste -d, - - < a; paste - b < a; paste a - a < b; paste -s - < a; paste -s - a < b
seq 10 | paste -sd+; seq 7 | paste -d ' ' - - -; paste -z a b | tr '\0' '!'; echo
paste gone a; echo $?; paste -s gone a; echo $?; paste -d '\q' a b; echo $?; paste -q; echo $?; paste . ; echo $?
