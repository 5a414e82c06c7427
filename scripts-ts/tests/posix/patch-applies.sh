# Hunks that fit, with an offset, with fuzz, in several files; -R, -N, --dry-run, -o.
exec 2>&1
seq 20 > a; sed '5s/$/ five/;12d;18a new' a > b; diff -u --label a --label a a b > p
cp a w; patch w p; cmp w b; patch -R w p; cmp w a; patch --dry-run w p; cmp w a; patch -s w p; cmp w b; cp a w
{ echo 0; cat a; } > w; patch w < p; cp a w; sed -i '4s/$/x/' w; patch w < p; sed -n 3,6p w; cp a w; patch -o out w p
cmp out b; cmp w a
cp b w; patch -N w p; echo $?; ls w*; rm -f w.rej; cp a w; patch -b w p; cmp w.orig a; cp a w; patch -b -z .old w p
ls w.*; rm w.*
mkdir -p x/d; cp a x/d/f; sed 's,^\(---\|+++\) a,\1 q/d/f,' p > pf; (cd x; patch -p1 < ../pf; patch -p1 -R < ../pf)
(cd x/d; patch < ../../pf; patch -R -p2 < ../../pf); patch -d x -p1 < pf; cmp x/d/f b
printf 'x\n' > one; printf 'y\n' > two
printf -- '--- one\n+++ one\n@@ -1 +1 @@\n-x\n+X\n--- two\n+++ two\n@@ -1 +1 @@\n-y\n+Y\n' > both; patch < both
cat one two; patch -R -i both; cat one two
