echo 'single $HOME \n "x"'
A=value
echo "double $A \$A \"q\" \\ \n `echo bq`"
echo back\ slash a\$A \'
echo 'it'\''s' "a"'b'c
echo a   b	c  "d   e"
echo "multi
line"
echo joined\
word
echo '' "" | cat -E
echo x"" ''y
echo "#no comment" a#b # comment
echo "$A"'$A'$A
echo $ "$" a$ "$ "
