# Values with newlines, stars, dashes, backslashes, blanks and nothing.
show() { printf '%s:' $#; printf ' <%s>' "$@"; echo; }
nl='a
b' star='*' dash='-n' back='\n\\' blank='  ' empty='' quote='"'"'" dollar='$x`y`' brackets='[a]' brace='{a,b}' tilde='~' hash='#x' bang='!' semi=';' tabs='	x	'
touch a file1
for name in nl star dash back blank empty quote dollar brackets brace tilde hash bang semi tabs; do echo -n "$name "; show "${!name}"; show ${!name}; done
echo "$dash" x; printf '%s\n' "$dash"; echo "$back"; printf '%s\n' "$back"; [ "$dash" = -n ] && echo eq; [ "$star" = "*" ] && echo eq; [ "$empty" ] || echo empty; [ -n "$blank" ] && echo blank; test "$bang" = '!' && echo bang; [ "$semi" = ";" -a "$hash" = "#x" ] && echo both; case $star in '*') echo star;; esac; case $brackets in '[a]') echo literal;; esac; case a in $brackets) echo pattern;; esac; for x in "$star" "$nl"; do show "$x"; done; f() { show "$@"; }; f "$empty" "$blank" "$star"; list=("$nl" "$star" "$empty"); show "${list[@]}"; echo ${#list[@]}; IFS= read -r line <<< "$tabs"; show "$line"; set -- "$dash" -- "$star"; show "$@"; shift; show "$1"; echo "${nl//$'\n'/+}" "${star/\*/s}" "${back//\\/b}" "${quote//[\"\']/q}"; declare -A m; m[$star]=1 m[$dash]=2 m["$nl"]=3; show "${m[$star]}" "${m[$dash]}" "${m[$nl]}"; export nl; sh -c 'echo "$nl"'; cat <<< "$back"; cat <<END
$star $back $dollar $quote
END
cd -- . && rm -- a file1 && touch -- "$dash" ' lead' && ls -A | cat; rm -- "$dash" ' lead'; : > "new
line"; for n in *; do show "$n"; done; eval "copy=$(printf %q "$quote$dollar$nl")"; show "$copy"
