# {name}> finds a free descriptor.
exec {out}> f; echo "to it" >&$out; [ $out -ge 10 ] && echo big; exec {out}>&-; cat f
exec {in}< f; read -u $in line; echo "$line"; exec {in}<&-; (echo x >&$in) 2>/dev/null; echo $?
exec {copy}>&1; echo copied >&$copy; exec {copy}>&-; { echo grouped >&$fd; } {fd}>&1; echo still >&$fd; exec {fd}>&-
exec {a}< f {b}< f; [ $a -ne $b ] && echo differ; exec {a}<&- {b}<&-; echo {word} > g; cat g; echo "{q}">g; cat g; echo {x}y>g; cat g
