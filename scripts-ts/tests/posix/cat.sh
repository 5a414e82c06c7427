exec 2>&1
printf 'one\n\n\ntwo\tx\n\001\177\200\351\r\n' > a; printf partial > b
cat a b; echo; cat -n a; cat -b a; cat -s a; cat -E a; cat -T a; cat -A a; cat -e a; cat -t a; cat -v a; cat -u a; cat -vET b a; cat -nb a; cat --show-all a; cat --number --squeeze-blank a b; echo; cat --show-nonprinting --show-ends --show-tabs a; cat --number-nonblank a; echo x | cat - b -; echo; cat nosuch b; echo $?; cat .; echo $?; cat --zz; echo $?; cat a >> a; echo $?; cat < b; echo; printf 'a\r\nb\r' | cat -E; echo
