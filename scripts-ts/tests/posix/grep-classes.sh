# Brackets: classes, ranges, and the places where ] - ^ stand for themselves.
exec 2>&1
printf '%s\n' a1 B2 '_x' ' y' '	tab' 'x]' 'x-y' '^z' 'x\y' '[q' 'AbC' '0xFF' '...' '' > f
for p in '[[:alpha:]]' '[[:digit:]]' '^[[:upper:]]' '[[:lower:]]$' '[[:space:]]' '[[:blank:]]' '[[:punct:]]' '^[[:alnum:]]*$' '[[:xdigit:]]' '^[^[:alnum:]]' '[[:digit:][:space:]]' '[]]' '[^]]$' '[x]]' '[]x]' '[a-c]' '[c-]' '[-c]' '[a^]' '[\]' '[[]' '[.]' '[a\]]' '[0-9a-fA-F]x' '[[.-.]]' '[[=a=]]'; do echo "== $p"; grep "$p" f; done
grep '[[:alpha' f; grep '[a' f; grep '[[:nope:]]' f; grep '[z-a]' f; grep '[:alpha:]' f; echo $?
