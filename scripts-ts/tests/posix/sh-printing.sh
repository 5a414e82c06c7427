exec 2>&1
printf '%s %s\n' a b c; printf '%5.2f|%e|%g\n' 3.14159 12345 0.0001; printf '%c%c\n' abc d; printf '%%|%o|%X|%#x\n' 8 255 255; printf '%-10s|\n' hi; printf "%s" a b; echo; printf '%*d\n' 5 3; printf '\x41\101\n'; printf '%s|%5d|%-5s|%05.1f|%x\n' a 42 b 3.14159 255
printf -v v '%03d' 7; echo "$v"; printf '%s\n' a b c; printf '%b' 'x\ny\n'; printf '%q\n' 'a b' "x'y" '' plain; printf '%d %d %d\n' 010 0x1f "'a"; printf '%s\n'; printf 'plain\n'; printf '%.2s|%5.1s|\n' abc def; printf -- '-x\n'; printf '%i%%\n' 50; printf -v arr[1] x; echo ${arr[1]}
printf; echo $?; printf %d abc; echo " $?"; printf '%d\n' 12x; echo $?; printf '%s' "no newline"; echo; printf '%s %d\n' a; printf "$(printf '%s' '%s-')" 1 2; echo
echo -n a; echo -e 'b\tc\n'; echo -ne 'x\c'; echo; echo -E 'a\n'; echo -x; echo --; echo -nx; echo - ; echo -n -e 'q\n'; echo -en 'a\x41\0101\n'; echo 'a\tb'; echo "a" "" "b"; echo
