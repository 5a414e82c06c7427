# Quotes side by side and inside one another.
printf '<%s>' a'b'"c"\d 'a"b' "a'b" "a\"b" 'a'\''b' "a"'$b'"c" \'\" "\\" '\\' \\ "\a" '\a' \a "\$x" '\$x' \$x "a\
b" 'a\
b' a\
b "" '' ""'' a"" ""b "  " \  "$(echo "in $(echo 'deep "x"')")" "${none:-"in quotes"}" "${none:-'single'}" ${none:-'single'} "${none:-a\"b}" "${none:-\$x}" "$((1 + "2"))" "*" \* '[a]' "{a,b}" {a","b} {"a",b} ~"x" "~" \~ "a#b" a#b \#c '!' "!" "\!" "`echo "bq"`" "'" '"' "it's" "say \"it's\"" 'a b'c' d' "$none" $none "$none"x; echo
v='a "b" c'; printf '<%s>' $v "$v" '$v' "'$v'" "\"$v\"" "${v}x" "${v%\"*}" "${v#*'"'}" "${v//\"}" "${v//'"'/\'}"; echo; set -- "a b" 'c"d'; printf '<%s>' "$@" "$*" "x$@y" '$@'; echo; w="x'y\"z"; printf '<%s>' "$w" "${w@Q}" "$(printf %q "$w")"; echo; eval "printf '<%s>' ${w@Q}"; echo; e='echo "quoted  words"'; $e; eval "$e"; alias_like='a\ b'; printf '<%s>' $alias_like "$alias_like"; echo; echo "a
b" 'c
d' e\
f; echo "tab	in" 'tab	in' tab	out; echo "$ alone" $ "a$" "$." '$(' "\`" "100%" $'$'; echo "dollar at end$"; echo a\"b\'c\\d; echo "nested \"\${v}\" and \`cmd\`"; echo "${v:+"yes "$v""}" "${v:+'$v'}" ${v:+"$v"}; echo "${#v}" '#' "#" \#; echo -"-"- "-"n; echo "\x41 \n \t" '\n'; c=\"; echo $c "$c" a${c}b; echo "$c$c" '"'$c
