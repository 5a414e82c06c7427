# find and xargs together, with names of every kind.
exec 2>&1
mkdir -p d/e; for n in a 'b c' "d'e" 'f"g' 'h\i' -j '*'; do echo "in $n" > "d/$n"; done; : > 'd/e/new
line'; : > d/e/z
find d -type f -print0 | sort -z | xargs -0 -n 1 echo | head -n 6; find d -type f -print0 | xargs -0 cat | sort
find d -maxdepth 1 -type f -print0 | xargs -0 grep -l 'in [ab]' | sort; find d -name 'z' | xargs -I{} echo '[{}]'
find d -name 'b*' -print0 | xargs -0 -I% sh -c 'echo "<$1>"' sh %
find d -type f | sort | xargs -d '\n' -n 2 echo | head -n 2; find d -name '*c' | xargs ls; echo $?
find d -name a -o -name z | sort | xargs -t wc -c | tail -n 1; find d -name nothing | xargs echo none
find d -name nothing | xargs -r echo none; find d -type f -print0 | tr -cd '\0' | wc -c
find d -empty -type f -print0 | xargs -0 rm; find d | wc -l; find d -name '-j' -exec cat -- {} +
find d -type f -exec sh -c 'for f; do echo "${f##*/}"; done' sh {} + | sort | tail -n 2
