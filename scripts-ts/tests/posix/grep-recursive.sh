# -r with what is to be searched and what is not.
exec 2>&1
mkdir -p d/sub d/.git d/node
for f in d/a.c d/b.h d/sub/c.c d/.git/x d/node/y.c d/sub/d.txt; do echo "hit in $f" > $f; done; ln -s a.c d/l.c
ln -s sub d/ls; printf 'hit\0\n' > d/bin
g() { grep "$@" 2> /dev/null | sort; echo --; }
g -r hit d; g -R hit d; g -rl hit d; g -rc hit d/sub; g -rh hit d/sub; g -rn hit d/sub
g -r --include='*.c' hit d; g -r --include='*.[ch]' --include='*.txt' hit d; g -r --exclude='*.c' hit d
g -r --exclude-dir=.git --exclude-dir=node hit d; g -r --include='*.c' --exclude='a*' hit d
g -r --exclude-dir='*' hit d; g -r --exclude-dir=sub hit d/sub d
(cd d/sub; grep -r hit . | sort; grep -r hit | sort)
g -r hit d/a.c d/sub; g -rI hit d/bin d/a.c; grep -rL hit d/sub; grep -r hit gone; echo $?; grep -rs hit gone d/a.c
echo $?
grep hit d; echo $?; grep -d skip hit d d/a.c; grep -d read hit d; grep hit d/*.c; grep -h hit d d/b.h
