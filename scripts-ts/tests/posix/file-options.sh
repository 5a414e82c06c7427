# The options of file: brief, mime, separators, lists, links.
exec 2>&1
echo text > t; : > e; mkdir d; ln -s t l; ln -s gone b; echo '#!/bin/sh' > s; echo '{"a": 1}' > j
printf '\0\1\2\3' > x; echo 'a name' > 'n m'; printf 't\ne\n' > list
file t; file -b t; file -b t e d; file t e 'n m'; file -F: t; file -F ' -' t e; file -N t 'n m'; file -i t e d s j x
file --mime-type t d l b; file --mime-encoding t x; file -bi s; file -L l; file -h l; file l b; file -L b
file -f list; file -f list d; file - < t; file -b - < s; file gone; echo $?; file -E gone > /dev/null; echo $?
file -0 t | tr '\0' '!'; file -q t > /dev/null 2>&1; echo $?; file /dev/null /dev/zero; file -s /dev/null; file . 
file -b --mime-type t x d | sort | uniq -c
