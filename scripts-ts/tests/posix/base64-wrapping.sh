# Encoding with lines of any width, decoding with and without garbage.
exec 2>&1
e() { printf "$1" | base64; }; d() { printf "$1" | base64 -d; echo " $?"; }
e ''; e a; e ab; e abc; e 'hello world'; e '\377\376\000'; seq 30 | base64; seq 30 | base64 -w 20 | head -n 2
seq 9 | base64 -w 0; echo; seq 9 | base64 -w 1 | wc -l; printf abc | base64 -w 4; printf abcdef | base64 -w 4
d YQ==; d YWI=; d YWJj; d YWJjZA; d 'YW\nJj'; d 'YWJj\n\n'; d =; d Y; d YQ; d YQ=; d 'YQ==YQ=='; d 'YWJj===='; d '\n'
printf 'Y*W-J\nj' | base64 -di; echo " $?"; printf 'YQ' | base64 -di; echo " $?"
seq 1000 | base64 | base64 -d | cksum > /dev/null 2>&1; seq 1000 | base64 -w 7 | base64 --decode | tail -n 1
printf x > f; base64 f; base64 - < f; base64 f f; base64 gone; base64 -w x f; base64 -w -1 f; base64 -q f; base64 .
echo $?
