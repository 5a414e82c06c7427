cd /tmp
echo $(echo one) "$(echo "two   words")" $(echo "two   words")
echo $(echo a; echo b) "$(echo a; echo b)"
echo `echo back` `echo \`echo nested\`` $(echo $(echo $(echo deep)))
A=$(echo value); echo $A
A=$(false); echo $?; A=$(exit 7); echo $?; A=$(true) ; echo $?
echo "[$(echo; echo)]"
echo $(cd /etc; pwd) $(pwd)
A=outer; echo $(A=inner; echo $A) $A
echo "a $(echo "b $(echo "c")")"
echo $(echo ')' "(") x
echo $(cat <<END
here $A
END
)
echo $(echo "#" # comment )
)
$(echo echo) run $(echo "by name")
echo $(head -c 100000 /dev/zero | wc -c)
set -- $(echo 1 2 3); echo $#
