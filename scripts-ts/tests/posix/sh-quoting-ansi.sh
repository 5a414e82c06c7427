# $'…' and its escapes.
printf '%s|' $'a\tb' $'a\nb' $'it\'s' $'q\"q' $'back\\slash' $'\x41\x42' $'\101\102' $'\u41' $'\e[0m' $'\a\b\f\v\r' $'a\c' $'\cA\cz' $'\z' $'\?' | od -An -c; echo "$'not'" '$'"'a'" $"plain" "$"'x' $'' "$''"; v=$'line1\nline2'; echo "$v"; echo $v; echo ${#v}; x=$'tab\t'; echo "[$x]"; [ $'\t' = "$(printf '\t')" ] && echo same; IFS=$'\n' ; set -- $(printf 'a b\nc'); echo $#; unset IFS; case $'a\nb' in *$'\n'*) echo newline;; esac; echo ${v//$'\n'/, }; echo "${v/$'\n'/+}"; echo $'a'b$'c' pre$'\x2d'post; echo $'\'single\'' $'\"double\"' $'$v `x` \$'; s=$'x\0y'; echo ${#s}; echo $'\x4142' $'\0101' $'\1012' $'\777' | od -An -c | head -n 1; read -d $'\t' w <<< $'first\tsecond'; echo $w; cut -d$'\t' -f2 <<< $'p\tq'; echo $'multi
line'; tr $'\n' , <<< $'a\nb'; echo; echo {$'a',b}$'\x21'; declare z=$'q\tr'; echo "$z"; list=($'e 1' $'e\n2'); echo ${#list[@]} "${list[1]}"; cat <<< $'here\tstring'; cat <<END
$'not special' here
END
