# Blanks around other separators do not make fields.
show() { printf '%s:' $#; printf ' <%s>' "$@"; echo; }
IFS=' :'
for v in 'a : b' 'a:b' ' a ' 'a  b' 'a: :b' 'a : : b' ' : a' 'a :' ': ' '  ' 'a b:c'; do show $v; done
IFS=$':\n'; v=$'a\n:\nb c\n\nd'; show $v
IFS=', '; v='red, green,blue , , white'; show $v
IFS=' '; v='a:b c'; show $v; IFS=': '; x=' '; show a$x$x:b
read a b c <<< 'x : y: z : w'; echo "<$a><$b><$c>"; IFS=$' \t\n'; read a b <<< '  x   y z  '; echo "<$a><$b>"
IFS='-  '; v='a - b-c'; show $v; IFS=$'\t'; v=$'a\t\tb\t'; show $v; IFS=$'\t,'; v=$'a\t,\tb,,c'; show $v
