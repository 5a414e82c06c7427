# $(…): newlines at the end go, everything else stays.
show() { printf '<%s>' "$@"; echo; }
show "$(printf 'a\n\n\n')" "$(printf '\n\na')" "$(printf 'a\n\nb\n')" "$(echo)" "$(:)" "$(printf ' a ')" "$(printf 'a\tb')"; show $(printf 'a  b\nc'); show $(echo) $(:) x; show pre$(echo mid)post "$(echo a b)"; x=$(echo 'a  b'); show $x "$x"
show "$(echo "$(echo "$(echo deep)")")" "$(echo ")")" "$(echo '(')" "$(echo \))" $(echo "a)b" 'c)d'); show "$(case x in x) echo case;; esac)" "$(case y in (y) echo paren;; esac)"; show "$(cat <<END
here ) document
END
)"; show "$(echo one # comment ) here
echo two)"; show "$(
	echo indented
)"; show $(echo a; echo b) $(echo c
echo d); show "$(false)" $?; x=$(exit 3); show $?; x=$(exit 4)$(true); show $?; show "$(cd /usr; pwd)" "$(v=in; echo $v)" "${v-unset}"; show "$(f() { echo fn; }; f)"; show "$(exit 5; echo no)" ; show "$(echo out; echo err 2>/dev/null >&2)"; show "$(< /dev/null)"; echo 'file text' > f; show "$(< f)" $(< f) "$(cat f)"; show "$(echo 'back\slash' "dou\"ble")" "$(echo "\$HOME" '$HOME' \\)"; show $((1+$(echo 2))) "${none:-$(echo default)}" "$(echo $((2*3)))" ; show "$(set -- a b; echo $#)" $#; y="$(echo "quoted 'single' \"double\"")"; show "$y"; [ "$(echo a)" = a ] && show eq; show "$(echo a | tr a b | cat)" "$(true && echo and || echo or)" "$(! true; echo $?)"; for i in $(seq 3); do echo -n $i; done; echo; show "$(printf '%s\n' {1..3} | tail -n 1)" "$( (echo subshell) )" "$({ echo group; })" "$(echo *.none)"; export E=$(echo exported); sh -c 'echo $E'; show "$(yes | head -n 2)" "$(seq 1000 | tail -n 1)"; z=$(printf 'x%.0s' {1..5000}); echo ${#z}; show "$(echo -n no newline)" "$(echo '*')" $(echo '[x]')
