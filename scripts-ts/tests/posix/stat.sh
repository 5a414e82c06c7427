exec 2>&1
umask 022
echo hello > a; : > empty; mkdir d; ln -s a l; ln a h; ln -s none broken; chmod 4640 a; touch -t 203501020304.05 a; : > 'sp ace'
stat -c '%n %s %a %A %h %F %f %b %B %o' a empty d l | head -n 2; stat -c '%n %A %F' d l /dev/null; stat -c %N a l 'sp ace' "broken"; stat -c '%y %Y' a; stat -c %x%%%q a 2> /dev/null | head -c 4; echo
stat -c '[%10s] [%-10s] [%010s] [%5a] [%04a] [%12.4A] [%.2n]' a; stat -c '%X %Y' a > /dev/null; stat -c '%.3Y %.Y %.0Y' a; stat --printf '%n\t%s\n\x41\101\\' a; echo; stat --format=%n --printf=x a d; echo; stat -L -c '%n %F' l; stat --dereference -c %s l
stat -c '%t %T' /dev/null; stat -c '%u %g' /; stat -c '%U %G' /; stat -c '%w %W' a > /dev/null; stat nothing; echo $?; stat; echo $?; stat -L broken; echo $?; stat -c %n nothing a; echo $?; set -- $(stat -t a); echo $# $1 $2 $4; set -- $(stat --terse a); echo $#
set -- $(stat -f -c '%n %s %l %T %b' /); echo $# $1 $2 $3; stat -f nothing; echo $?; stat --file-system -c %n .; stat - < a > /dev/null; echo $?; stat -c '%i' a h | { read x; read y; [ "$x" = "$y" ] && echo same; }; stat -c %m /
stat a | { read x y; echo "$x $y"; read s n rest; echo "$s $n"; read rest; read mode rest; echo "$mode" "${rest%%)*}"; }
