exec 2>&1
mkdir -p /tmp/cat; cd /tmp/cat
echo -e 'one\n\n\ntwo\tx' > a; echo -n partial > b
cat a; cat a b; echo; cat b a | cat
cat -n a; cat -b a; cat -s a; cat -E a; cat -T a; cat -nE a b; echo
cat -n a a | tail -n 1
echo stdin | cat; echo stdin | cat b - b; echo; cat - < a | wc -l
cat missing; echo $?; cat missing b; echo " $?"; cat .; echo $?
cat a >> a; echo $?
cat -z; echo $?; cat --number b; echo; cat --num b; echo; cat --nothing; echo $?
cat -- b; echo
cat /dev/null; echo $?
: > -n; cat ./-n; cat -- -n; echo $?
cd /; rm -r /tmp/cat
