exec 2>&1
printf 'abc\ndef\n\nx y' > a; seq 3 > n
rev a; echo; rev < n; echo
tac n; tac a; echo; cat n | tac - a; echo; printf 'a:b:c' | tac -s :; echo; tac -b -s e a; echo; tac -r -s '[bd]' a; echo; tac --before --separator=x a; echo; tac --regex -s 'e\|y' a; echo; tac nosuch n; echo $?; tac < /dev/null; tac -q; echo $?
echo x | tee f g; cat f g; echo y | tee -a f; cat f; echo z | tee --append f g > /dev/null; cat f g; echo i | tee -i f; echo q | tee nodir/x; echo $?; echo x | tee > /dev/null; echo x | tee --zap; echo $?; echo o | tee /dev/full; echo $?; echo p | tee -p f
nl a; nl -ba a; nl -bt a; nl -bn n; nl -bp2 n; nl -w3 -s') ' n; nl -v10 -i5 n; nl -nln n; nl -nrz n; nl -ba -l2 a; printf '\\:\\:\\:\nhead\n\\:\\:\nbody\n\\:\nfoot\n\\:\\:\nnext\n' > s; nl s; nl -ha -fa s; nl -p s; nl -dxx n; nl - < n; nl n a; nl --body-numbering=a --number-width=2 --number-separator=: --starting-line-number=0 --line-increment=2 --number-format=rz a; nl -bx n; echo $?; nl -nxx n; echo $?; nl -w0 n; echo $?; nl -i x n; echo $?; nl nosuch; echo $?; nl --what; echo $?; nl -h a -f n -l 1 -d : n
