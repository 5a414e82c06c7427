exec 2>&1
mkdir -p /tmp/script; cd /tmp/script
echo 'echo "$0: $# $1"; exit 4' > s
sh s a b; echo $?
sh ./s; echo $?
echo 'V=sourced; echo "in $V $#"' > lib
. ./lib; echo $V
. ./missing; echo $?
echo 'echo from stdin; A=1; echo $A' | sh; echo $?
echo 'echo $# $1' | sh -s x y
sh < s; echo $?
echo -e 'read X\nthis is data\necho "got $X"' > r; sh < r
echo -e 'cat\nrest of\nthe input' > c; sh < c
echo -e 'echo a \\\n  b\necho c' | sh
echo -e 'cat <<X\nhere\nX\necho after' | sh
echo -e 'echo ok\necho "open' | sh; echo $?
echo -e 'echo one\n\n\n)' | sh; echo $?
echo -e '#!/bin/sh\necho "script $1"' > x; cp x y
ts -e 'import { chmod } from "helios:fs"; await chmod("/tmp/script/y", 0o755)'
./x; echo $?; ./y arg; PATH=/tmp/script:$PATH; y found
cd /; rm -r /tmp/script
