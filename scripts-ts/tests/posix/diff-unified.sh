# -u and -c: context, joined hunks, labels, functions, empty files.
exec 2>&1
seq 30 > a; sed '3s/$/x/;14d;15s/^/y/;25a new' a > b
u() { diff --label A --label B "$@"; }
u -u a b; u -U 0 a b; u -U1 a b; u -U 10 a b; u -c a b; u -C 1 a b; u -U 5 a b | grep -c '^@@'
: > e; printf 'x\n' > o; u -u e o; u -u o e; u -c e o; u -u o o; echo $?; printf 'x' > n; u -u o n; u -c o n; u -u n o
printf 'int main()\n{\n  a;\n  b;\n  c;\n  d;\n  e;\n}\n' > f1; sed 's/e;/E;/' f1 > f2; u -u f1 f2
u --unified=0 a b | head -n 3; u --context=0 a b | head -n 4; diff -u --label X a a; diff -u --label X a b | head -n 1
diff -U x a b; diff -C -1 a b; echo $?
