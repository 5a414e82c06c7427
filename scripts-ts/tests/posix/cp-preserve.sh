# Modes and times: as new without options, kept with -p and -a.
exec 2>&1
umask 027
echo x > f; chmod 6755 f; touch -d '2031-02-03 04:05:06.789' f; mkdir -p d/e; chmod 711 d; touch -d '2030-01-01' d/e d
m() { stat -c '%a %n' "$@"; }
cp f n; m n
cp -p f p; m p; stat -c %y p
cp --preserve=mode f q; m q
cp --preserve=timestamps f r; m r; stat -c %Y r
cp -p --no-preserve=timestamps f s; m s
cp -r d t; m t t/e
cp -a d u; m u u/e; stat -c '%y %n' u u/e
echo old > o; chmod 600 o; cp f o; m o
cp --preserve=nothing f v; echo $?
cp --no-preserve=mode f w; m w
