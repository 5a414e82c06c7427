# Backwards: lines by any separator, characters within lines.
exec 2>&1
seq 3 > n; printf 'a\nb\nc' > p; printf '1,2,3' > s; printf 'x--y--z--' > d; printf 'one1two22three' > r
tac n; tac p; echo; tac n p; echo; tac -s , s; echo; tac -b -s , s; echo; tac -s -- d; echo; tac -bs -- d; echo
tac -r -s '[0-9]' r; echo; tac -rs '[0-9][0-9]*' r; echo; tac < n; tac - n < p; echo; cat n | tac | tac; tac -s '' n
echo $?; tac -s 2 n; tac /dev/null; tac gone n; echo $?; tac -z n; echo $?
rev n; rev p; echo; echo 'Hello, World' | rev; printf 'ab\n\n cd \n' | rev; printf 'x\ty\n' | rev | tr '\t' T; rev < n
rev n s; echo; rev gone; echo $?; rev gone n > /dev/null; echo $?; seq 8 12 | rev | sort -n | tac | head -n 2
echo level | rev | grep -c level
