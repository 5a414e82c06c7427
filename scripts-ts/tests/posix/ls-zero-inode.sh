# Names ended by NUL; the inode's number is there, whatever it is.
mkdir d; : > d/a; : > 'd/b c'; ln d/a d/h
ls --zero d | tr '\0' '!'; echo
ls -a --zero d | tr '\0' '!'; echo
ls -i d | sed 's/^ *[0-9][0-9]* /N /'
set -- $(ls -i d/a d/h); [ "$1" = "$3" ] && echo same
ls -1i d | wc -l
ls -is1 d | sed 's/^ *[0-9][0-9]* /N /'
ls -id d | sed 's/^ *[0-9][0-9]* /N /'
