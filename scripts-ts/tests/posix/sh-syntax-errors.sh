# Mistakes: their statuses, and that nothing after them runs.
t() { (eval "$1") > /dev/null 2>&1; echo "$? $1"; }
for s in 'if' 'if true' 'if true; then' 'if true; then fi' 'if; then :; fi' 'fi' 'then' 'else' 'elif' 'do' 'done' 'for' 'for x' 'for x in' 'for x in; do' 'for 1x in a; do :; done' 'for x in a; do done' 'while' 'while true' 'while true; do' 'while do :; done' 'until' 'case' 'case x' 'case x in' 'case x in x' 'case x in x)' 'case x in ) esac' 'esac' '{' '{ :' '}' '{ }' '(' '()' ')' '( )' '(:' 'f(' 'f()' 'f() :' 'f() {' 'function' 'function f' '&&' '||' '&& :' ': &&' ': ||' ': && && :' '|' ': |' '| :' ': | | :' ';' ';;' ': ;;' '; :' ': ; ;' '&' '& :' ': & &' ': & ;' '>' '<' ': >' ': <' ': > >' ': 2>' '<<' ': <<' '<<<' ': <<<' ': >& ' '"' "'" '`' '$(' '${' '$((' '((' '[[' '[[ a' '[[ a == ]]' '[[ ]]' '[[ a b ]]' '[[ ( a ]]' '!' '! |' 'time' '`if`' '<(' 'select' 'select x in a; do' ': $(' ': "$(' 'echo )' 'echo (' 'echo ;;' 'x() { ) }' 'if :; then :; done' 'for x in a; do :; fi' '{ :; )' '( :; }' 'case x in x) :;; fi' 'while :; do :; esac'; do t "$s"; done
eval 'echo before; if' 2>/dev/null; echo "after $?"; (eval 'echo )'; echo "same shell $?") 2>/dev/null; sh -c 'echo one
echo two
if
echo three' 2>/dev/null; echo $?; echo 'echo first
echo )
echo last' > bad; sh bad 2>/dev/null; echo $?; . ./bad 2>/dev/null; echo $?
