# Last components and what is before them, with slashes everywhere.
exec 2>&1
for p in a a/b /a /a/ a/ // /// a//b a/b// ./a ../a . .. / '' 'a b/c d' a.txt .txt a/.txt -- ; do echo "[$p] [$(basename -- "$p")] [$(dirname -- "$p")]"; done
basename a.txt .txt; basename a.txt txt; basename .txt .txt; basename a.txt b.txt; basename dir/a.txt .txt
basename a.txt/ .txt; basename a ''; basename -s .c a.c b.c c.h; basename -a a/b c/d; basename -as .c x/a.c y/b.c
basename --suffix=.c a.c; basename -z a b/c 2>&1 | head -n 1; basename -az a b | tr '\0' '!'; echo; dirname a/b c /d/e
dirname -z a/b c | tr '\0' '!'; echo
basename; basename a b c; basename -x; dirname; dirname -x; echo $?
