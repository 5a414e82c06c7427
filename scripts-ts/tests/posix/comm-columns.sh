# Columns of what is in one, the other and both; order, delimiters, totals.
exec 2>&1
printf '%s\n' a b d e > 1; printf '%s\n' b c d f > 2; : > e; printf '%s\n' c a b > bad
comm 1 2; comm -1 1 2; comm -2 1 2; comm -3 1 2; comm -12 1 2; comm -13 1 2; comm -23 1 2; comm -123 1 2; comm 1 1
comm 1 e; comm e 2; comm e e; comm - 2 < 1; comm 1 - < 2
comm --output-delimiter=: 1 2; comm --output-delimiter= 1 2 | tr '\0' '!'; comm -3 --output-delimiter='<>' 1 2
comm --total 1 2; comm --total -123 1 2; comm -12 --total --output-delimiter=, 1 2; comm -z 1 2 | wc -c
comm bad 2; echo $?; comm 1 bad; echo $?; comm --check-order bad 2; echo $?; comm --nocheck-order bad 2; echo $?
printf 'a\na\nb\n' > dup; printf 'a\nb\nb\n' | comm dup -; printf 'a' | comm - 1
comm; comm 1; comm 1 2 e; comm -4 1 2; comm gone 1; comm 1 gone; comm . 1
comm --output-delimiter=a --output-delimiter=b 1 2; echo $?
