# Names that are made: how long, where, of what kind, and templates that will not do.
exec 2>&1
n() { echo "$1" | sed 's/[A-Za-z0-9]\{3,\}$/N/;s/[A-Za-z0-9]\{6,\}\(\.[a-z]*\)$/N\1/'; }
f=$(mktemp xXXXXXX); test -f $f && echo ${#f}; stat -c '%a %s' $f; d=$(mktemp -d dXXXXXXXX); test -d $d && echo ${#d}
stat -c %a $d; u=$(mktemp -u uXXX); test -e $u; echo $?; f=$(mktemp --suffix=.txt aXXXX); echo ${#f} ${f##*.}
f=$(mktemp aXXXX.log); echo ${#f} ${f##*.}; mkdir t; f=$(mktemp -p t); ls t | wc -l; f=$(mktemp -p t bXXX)
echo ${#f} ${f%/*}; f=$(TMPDIR=t mktemp); echo ${f%/*}; f=$(TMPDIR=t mktemp -t cXXX); echo ${f%/*} ${#f}
f=$(TMPDIR=t mktemp --tmpdir eXXX); echo ${f%/*}; f=$(mktemp -d -p t); test -d $f && echo made; f=$(mktemp ./gXXX)
echo ${#f}; a=$(mktemp -u zXXXXXXXX); b=$(mktemp -u zXXXXXXXX); [ $a != $b ] && echo different
mktemp x; mktemp xXX; mktemp XXXx/y; mktemp -d gone/XXX | sed 's/[^/]*$/N/' ; mktemp -q gone/XXX; echo $?
mktemp aXXX bXXX; mktemp --suffix=/a aXXX; mktemp --suffix=.c aXXXb; mktemp -t a/XXX; mktemp -p t /aXXX; mktemp -z
echo $?
