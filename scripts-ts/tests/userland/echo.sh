/bin/echo plain words; /bin/echo -n no newline; /bin/echo; /bin/echo
/bin/echo -e 'a\tb\\c\x41\0102\e[0m' | cat -T | wc -c
/bin/echo -e 'cut\c here'; /bin/echo
/bin/echo -E 'a\tb'; /bin/echo 'a\tb'; /bin/echo -ne 'x\n'; /bin/echo -x -n; /bin/echo -- y
/bin/echo "two  spaces" three; /bin/echo é ü 漢
