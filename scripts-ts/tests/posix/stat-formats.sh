# -c and --printf: widths, flags, what is quoted.
exec 2>&1
umask 022
printf 12345 > f; chmod 2751 f; touch -d '2033-03-04 05:06:07.089' f; ln -s f 'l k'; mkdir d; ln f h; : > "a'b"
stat -c '%a|%A|%F|%h|%n|%s' f 'l k'; stat -c '%a|%A|%F|%h|%n' d
stat -c '%N' f 'l k' "a'b"
stat -c '[%8s][%-8s][%08s][%+s][%.2s]' f
stat -c '[%6a][%-6a][%06a][%#a][%3A][%.4A][%15F]' f
stat -c '%Y %.Y %.1Y %.9Y %10Y %-12Y|' f; stat -c '%y|%.3y|%40y' f
stat -c '%%|%n%%|\n|\t' f; stat --printf '%n\n%s\t\x41\101\\\"\e[m\n' f h | od -c | tail -n 4
stat --printf '%n' f d; echo
stat -Lc '%F %s %n' 'l k'
stat -c '%f %x' f | cut -c 1-4; stat -c %q f; stat -c '%' f; stat -c '%5' f 2>&1
