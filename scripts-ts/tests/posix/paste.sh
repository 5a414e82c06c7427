exec 2>&1
seq 3 > a; printf 'x\ny\n' > b
paste a b; paste -d, a b; paste -d ',;' a b a; paste -s a b; paste -s -d, a; paste -d '\n' a b; paste -d '\0' a b; paste - - < a; seq 6 | paste - - -; paste -sd '+-' a; paste a; paste < b; paste --serial --delimiters=: a b; printf 'a\0b\0' | paste -z - - | tr '\0' '!'; echo; printf 'x\ny' | paste -s; printf 'x' | paste - a; paste a nosuch; echo $?; paste -s nosuch a; echo $?; paste -d '\' a; echo $?; paste --bad; echo $?; paste - a < b; paste -d '' a b
