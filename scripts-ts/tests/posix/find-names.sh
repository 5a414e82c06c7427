# Patterns of names and paths, with and without case.
exec 2>&1
mkdir -p D/sub/.hid; : > D/Read.Me; : > D/read.me; : > D/sub/a1; : > D/sub/a10; : > D/sub/.hid/a2; : > 'D/[x]'
: > 'D/back\slash'
f() { find D "$@" | sort; echo --; }
f -name read.me; f -iname READ.*; f -name 'a?'; f -name 'a[0-9]*'; f -name '[!a-z]*'; f -name '.*'; f -name '*'
f -name '\[x\]'; f -name '[[]x]'; f -name 'back\\slash'; f -name '*/*'; f -name sub/
f -path 'D/s*1'; f -path '*/.hid/*'; f -ipath 'd/SUB/*'; f -path D; f -not -path '*/.*'
f -regex '.*/a[0-9]+'; f -regex 'D/sub'; f -iregex '.*/READ\..*'; f -regextype posix-extended -regex '.*/(a1|a2)'
f -name D; find D/ -maxdepth 1 -name '[R]*'; find ./D/sub -name 'a1'; find D -name 'a1' -o -name 'a2' -print
