# Relative to, relative below, without links.
exec 2>&1
P=$(pwd -P); mkdir -p a/b c; : > c/f; ln -s ../c a/l; ln -s c/f s
r() { realpath "$@" | sed "s|$P|P|g"; }
r a/l a/l/f s; r -s a/l a/l/f s; r -s a/l/../b; r a/l/..
r -L a/l/..; r -P a/l/../a
r --relative-to=a c/f; r --relative-to=a/b a; r --relative-to=. .; r --relative-to=a/l c/f; r -s --relative-to=a/l c/f
r --relative-base=a a/b c; r --relative-base=. --relative-to=a c c/f; r --relative-base=a --relative-to=a/b a/b/x
r --relative-to=gone c; r -e --relative-to=gone c; r --relative-to=c/f c
r -e gone; r -e c/gone; r c/f/x; r -m c/f/x; r -q gone/x; r -z c c/f | tr '\0' '!'
r / /. //usr/ /usr/../..
