# Pieces by lines, bytes, numbers of pieces; their names.
exec 2>&1
seq 10 > n; l() { head -n 99 [xp]* < /dev/null; rm -f [xp]*; }
split -l 3 n; l; split -l 100 n; l; split -5 n; l; split -b 7 n; l; split -b 1K n; l; split -C 6 n; l; split -n 3 n; l
split -n l/3 n; l; split -n r/3 n; l; split -l 4 n pre.; l; split -l 4 -d n; l; split -l 4 -d -a 3 n p; l
split -l 4 --numeric-suffixes=8 n; l; split -l 4 -x n; l; split -l 4 --additional-suffix=.t n; l; split -l 5 - < n; l
split -l 5 --verbose n; l; split -e -n 30 n; l; split -l 1 -a 1 n; l; : > e; split e; ls; rm e
printf 'a\nb' | split -l 1; l
split -l 0 n; split -l x n; split -b 0 n; split -n 0 n; split -n x n; split -a 0 -l 1 n; split -l 1 -b 1 n; split gone
split n p q; split -q; seq 30 | split -l 1 -a 1; echo $?; ls | wc -l
