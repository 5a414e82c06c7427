# printf(1): numbers, texts, padding, arguments used again and again.
P='env printf'
$P '%d %i %u %o %x %X %c\n' 10 -10 10 10 255 255 xyz; $P '%5d|%-5d|%05d|%+d|% d\n' 1 2 3 4 5; $P '%s %s\n' a b c
$P '%.3s|%10.2s|%-4s|\n' abcdef abcdef x; $P '%*d|%-*d|%.*f\n' 5 1 5 2 2 3.14159; $P '%f %e %g %G\n' 1.5 1.5 1.5 1e-10
$P '%5.1f|%-8.3e|%08.2f\n' 2.25 12345.678 -3.14159; $P '%#x %#o %#X %#.3g\n' 255 8 255 1
$P '%d %d %d\n' 0x10 010 "'A"; $P '%s\n'; $P '%d\n'; $P '%b|%b\n' 'a\tb\n' 'x\0101y'; $P '%%|\n'; $P '%5%|\n' 2>&1
$P 'a\tb\\c\x41\101\e[0m\n' | od -c | head -n 3; $P 'x\cy'; $P '\n'; $P '%s-%s-%s\n' 1 2 3 4; $P 'none\n' extra 2>&1
$P '%d\n' 9223372036854775807 -9223372036854775808
for a in '%d 1x' '%d x' '%d 1.5' '%d 99999999999999999999' '%f 1,5' '%x -1' '%y 1' '%' '%5 1' '%ll 1' '%d +5' '%i -08' '%u -1' '%.s a'; do $P $a 2>&1 > /dev/null; echo " $?"; done
$P 2>&1 | head -n 1; $P -- '%s\n' -x; $P -x 2>&1; echo
