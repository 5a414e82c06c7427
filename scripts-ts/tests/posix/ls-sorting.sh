# Orders of ls: equal sizes and times fall back to the name, -U and -f leave the order alone.
exec 2>&1
for n in one two three four; do echo "$n$n" > "$n.$n"; done
: > z.a; : > a.z; : > noext; : > .dot.a
touch -t 203001010000 one.one two.two; touch -t 202901010000 four.four
touch -t 203101010000 z.a a.z noext three.three
echo == time; ls -1t; ls -1tr
echo == size; ls -1S; ls -1Sr
echo == extension; ls -1X; ls -1Xr; ls -1AX
echo == last wins; ls -1tS; ls -1St; ls -1SX; ls -1rr
echo == width; ls -1 --sort=width
