# Fills in templates: by expansions, by eval of a here-document, by sed.
fill() {
	local line key
	while IFS= read -r line; do
		while [[ $line =~ \{\{([a-z_]+)\}\} ]]; do
			key=${BASH_REMATCH[1]}
			line=${line//"{{$key}}"/"${values[$key]-?$key?}"}
		done
		echo "$line"
	done
}
declare -A values=([name]=World [place]='the "house"' [sum]='$5 & more')
fill <<'END'
Hello, {{name}}! Welcome to {{place}}.
It costs {{sum}}; {{name}} pays, {{nobody}} asks.
END
name=Ada count=3
template='Dear $name,
you have $count message$([ $count = 1 ] || echo s) and $((count * 2)) credits.'
eval "cat <<END
$template
END"
echo 'Hi @NAME@, @COUNT@ left' | sed -e "s/@NAME@/$name/" -e "s/@COUNT@/$count/"
list() { local item; echo "<ul>"; for item; do item=${item//&/\&amp;}; item=${item//</\&lt;}; echo "  <li>$item</li>"; done; echo "</ul>"; }; list 'a & b' '1 < 2'
query='name=Ada+L&city=New%20York&empty='; decode() { local s=${1//+/ }; printf '%b' "${s//%/\\x}"; }; IFS='&' read -ra pairs <<< "$query"; for p in "${pairs[@]}"; do echo "${p%%=*} -> '$(decode "${p#*=}")'"; done
