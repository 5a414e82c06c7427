# Control characters, high bytes, tabs and ends made visible.
printf 'a\tb\001\037\177\n' > c; printf '\200\237\240\377\n' > h; printf 'dos\r\nline\n\n' > d
cat -v c h d; cat -A c h d; cat -E d; cat -T c; cat -e h; cat -t c; cat -vE d; cat -vT c; cat -ET c | od -c
cat -u d | od -c; cat -nE d; cat -bT c; cat -sA d; printf 'x' | cat -E; echo; printf '\n\n\n' | cat -sE
head -c 3 /dev/zero | cat -v; echo
