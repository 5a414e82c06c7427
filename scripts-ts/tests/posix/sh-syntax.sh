exec 2>&1
for s in 'echo )' 'echo "abc' 'if true; then' "echo 'a" 'echo $(foo' 'echo ${a' 'for x in a; do echo; ' 'echo `foo' 'case x in a) echo; esac; fi' 'if x; }' 'f() ' 'echo &&' '| a' 'foo() { }' 'if ; then' 'for i in a b; echo $i; done' 'while true; do break; done extra' 'case x in x echo; esac' '(' 'echo a | | b' 'echo a ;; b' '& echo' '{ echo; ' fi do ')' 'echo <' 'echo > ;' 'f( x' '{ }' '( )' 'while do done' 'for' 'function' 'echo a; done' '! ' ; do eval "$s"; echo "$? from: $s"; done
(eval 'cat <<EOF
hi'; echo $?) 2> /dev/null; echo '"' > bad; . ./bad; echo $?; echo 'echo x; )' > bad; . ./bad; echo $?; printf 'echo one\necho two\nfi\necho three\n' > bad; . ./bad; echo $?
echo last
echo "line $LINENO"; (nosuch)
if true; then nosuch2; fi
echo done; )
