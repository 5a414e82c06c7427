echo "a\"b\$c\\d\e\`" 'it'\''s' a\ b "a'b" 'a"b' \$x \\ "" ''x
printf '%s|' $'a\tb\x41\'\101\\' $"loc" "$'no'" $'q\nr'; echo
echo x#y #comment
echo a \
b"c\
d"'e\
f'
echo "${x:-'a'}" "${x:-"b c"}" "${x:-\}}" ${x:-\}} "$(echo ")")" "`echo \"q\"`"
echo "multi
line" 'and
this'
x='*'; echo "$x" '*' \* "\*"; echo ~root/x "~" a~ '~' \~; HOME=/h; echo ~ ~/y; v=~/z:~; echo $v
y=$(cat <<EOF
in ) paren
EOF
); echo $y; z=$(case a in a) echo c;; esac); echo $z; w=$(echo "')'"); echo $w
"echo" quoted; \echo escaped; 'ec'ho joined; e=echo; $e variable; $nope echo skipped
