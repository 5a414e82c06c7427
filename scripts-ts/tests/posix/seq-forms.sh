# Steps, widths, formats and separators; up, down and past the point.
exec 2>&1
s() { seq "$@" | paste -sd ' '; }
s 5; s 3 6; s 1 3 10; s 6 -2 1; s 5 1; s -3; s -3 -1; s 2 -1 -2; s 0.1 0.1 0.5; s 1 0.5 3; s 1.0 2; s 1 .25 2
s 5 -0.5 4; s 1e2 1e2 3e2; s 0 0; s 1 1; s -w 8 11; s -w 1 99 200; s -w -1 2; s -w 0.5 1.5 5; s -w 1 0.25 2
s -f %.2f 3; s -f '%03g' 3; s -f 'n%gx' 2; s -f '%e' 2; s -f '%5.1f|' 2; s -f '%-5g|' 2; s -f '%+g' -1 1
s -f %x 0 1 1; s 0x10 0x12; s 1 1000000 3000001; s +1 2
seq -s, 3; seq -s ', ' 3; seq -s '' 3; seq -s '\n' 2; seq --separator=- --equal-width 9 10; seq -f %g -s: 3
seq -ws, 9 10
for a in '' x '1 x' '1 0 2' '1 2 3 4' '-f %d 2' '-f x 2' '-f %g%g 2' '-f %s 2' '-w -f %g 2' -q 'inf -f %y'; do seq $a; echo $?; done
