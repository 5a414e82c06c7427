# The forms of hexdump, skipping, lengths, repeated lines.
exec 2>&1
printf 'ABC\n\000\001\177\200\377xyz0123456789' > f; { head -c 40 /dev/zero; printf end; } > z; : > e
printf 'odd' > o
hexdump f; hexdump -C f; hexdump -b f; hexdump -c f; hexdump -d f; hexdump -o f; hexdump -x f; hexdump -C z; hexdump z
hexdump -v z; hexdump e; hexdump -C e; hexdump o; hexdump -C o; hexdump -c o
hexdump -n 3 f; hexdump -s 2 f; hexdump -s 2 -n 4 -C f; hexdump -C -s 0x8 f; hexdump -n 0 f; hexdump -Cn 5 f o
hexdump f o | tail -n 2; hexdump -C < o; cat o f | hexdump -C
hexdump gone; echo $?; hexdump gone o; echo $?; hexdump -n x o > /dev/null; echo $?
