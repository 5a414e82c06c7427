exec 2>&1
mkdir -p /tmp/wc; cd /tmp/wc
echo -e 'one two\nthree' > a; echo -n 'é x' > b; : > c
wc a; wc -l a; wc -w a; wc -c a; wc -lw a; wc b; wc -m b; wc -c b; wc c
wc a b c; wc -l a b; wc < a; cat a | wc; wc - < a; cat a | wc -l; cat a | wc - b
wc missing; echo $?; wc a missing; echo $?; wc .; echo $?; wc -z; echo $?
cd /; rm -r /tmp/wc
