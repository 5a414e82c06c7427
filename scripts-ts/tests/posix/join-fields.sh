# Which fields are joined and printed, lines without a partner, separators.
exec 2>&1
printf '%s\n' '1 a x' '2 b y' '3 c z' '3 cc zz' > f; printf '%s\n' '1 one' '3 three' '3 drei' '4 four' > g
printf '%s\n' 'x,1,p' 'y,3,q' > c; printf 'id name\n1 al\n2 bo\n' > h1; printf 'id age\n1 30\n3 40\n' > h2
join f g; join g f; join -a1 f g; join -a2 f g; join -a1 -a2 f g; join -v1 f g; join -v2 f g; join -v1 -v2 f g
join -o 1.2,2.2 f g; join -o 0,2.2,1.3 f g; join -o '1.1 2.2' f g; join -a1 -a2 -e '?' -o 0,1.2,2.2 f g
join -o auto -a2 -e - f g; join -a1 -o 1.2,2.2 f g; join -e X -a2 f g
join -t, -1 2 -2 1 c /dev/null; join -t, -1 2 -2 2 c c; join -1 2 -2 1 -t, c g; join -j 1 f g; join -j2 c c
join -t ' ' f g; join -t '' f g; join --header h1 h2; join --header -a1 -a2 h1 h2; join -i g g | head -n 1
join - g < f; join f - < g; join f f | wc -l; join /dev/null g; join -a2 /dev/null g
printf '2 b\n1 a\n' > u; join u g; echo $?; join --check-order u g; echo $?; join --nocheck-order u g; echo $?
printf 'A 1\n' | join -i - c; printf '  1   a\n' | join - g; printf '1\ta\n' | join - g
join f; join f g h; join -o 3.1 f g; join -o 1 f g; join -1 0 f g; join -1 x f g; join -a 3 f g; join -t ab f g
join gone g; join - -; join -q; echo $?
