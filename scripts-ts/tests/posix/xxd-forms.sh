# xxd: plain, groups, columns, bits, C, and back again.
exec 2>&1
printf 'Hello\n\000\377 world, once more' > f; printf 'odd' > o; head -c 50 /dev/zero > z
xxd f; xxd -p f; xxd -c 8 f; xxd -g 1 f; xxd -g 4 f; xxd -g 0 f; xxd -u f; xxd -b o; xxd -b -c 3 f | head -n 2
xxd -i o; xxd -l 4 f; xxd -s 6 f; xxd -s -4 f; xxd -s 2 -l 5 -c 5 f; xxd -p -c 4 f; xxd < o; xxd -o 256 o; xxd -i < o
xxd -p z | tail -n 1;
xxd f | xxd -r | cmp - f; xxd -p f | xxd -r -p | cmp - f; xxd -c 5 f | xxd -r -c 5 | cmp - f
echo '48 65 6c 6c 6f' | xxd -r -p; echo; echo '0002: 4142' | xxd -r | od -An -c
printf '00000000: 41\n00000004: 42\n' | xxd -r | od -An -c
xxd gone; echo $?; xxd f out; head -n 1 out
