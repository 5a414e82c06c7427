# `…`, its backslashes and its nesting.
echo `echo one` "`echo two  spaces`" `echo a; echo b` pre`echo mid`post; echo `echo \`echo nested\`` "`echo \`echo nested  quoted\``" `echo \`echo \\\`echo deep\\\`\``; v=value; echo `echo $v` `echo \$v` `echo '$v'` `echo "$v"` "`echo \"$v\"`" "`echo '$v'`"; echo `echo \\\\` `echo '\\'` "`echo \\\\`" `echo a\ b` `printf '%s|' 'a b' c`; x=`echo assigned`; echo $x; x=`false`; echo $?; x=`exit 3`; echo $?; [ `echo a` = a ] && echo eq; echo `cat <<END
document
END
`; echo `echo multi
echo line`; case `echo x` in x) echo case;; esac; for i in `echo 1 2 3`; do echo -n $i; done; echo; echo $((`echo 1`+`echo 2`)) ${none:-`echo default`}; echo "a`echo b`c"'`echo no`'\`echo; echo `echo "it's"` "`echo 'say "hi"'`"; echo `` x; echo "``|" `:`; echo $(echo `echo mixed`) `echo $(echo mixed2)`; echo `echo 'a  b'` "`printf 'trail\n\n'`"; f() { echo "f `echo $1`"; }; f arg; echo `cd /usr; pwd` ; y=`echo a``echo b`; echo $y; echo \`not\` "\`not\`"; echo `echo "\\$v" "\$v"`; echo `# comment
echo after comment`
