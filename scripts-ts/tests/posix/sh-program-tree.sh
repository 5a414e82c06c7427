# Walks a tree and draws it.
mkdir -p top/{docs,src/{lib,bin}}; echo hello > top/docs/readme; echo 'x y' > top/src/lib/a.c; : > top/src/bin/tool; : > 'top/docs/two words'; chmod +x top/src/bin/tool
walk() {
	local prefix=$2 entry entries=("$1"/*) i last
	[ -e "${entries[0]}" ] || return
	last=$((${#entries[@]} - 1))
	for i in "${!entries[@]}"; do
		entry=${entries[i]}
		local branch='|-- ' deeper='|   '
		((i == last)) && branch='`-- ' deeper='    '
		echo "$prefix$branch${entry##*/}$([ -d "$entry" ] && echo /)"
		[ -d "$entry" ] && walk "$entry" "$prefix$deeper"
	done
}
echo top; walk top ''
files=0 dirs=0 bytes=0
count() { local e; for e in "$1"/*; do if [ -d "$e" ]; then ((dirs++)); count "$e"; elif [ -f "$e" ]; then ((files++)); bytes=$((bytes + $(wc -c < "$e"))); fi; done; }
count top; echo "$dirs directories, $files files, $bytes bytes"
find top -type f | sort | while IFS= read -r f; do [ -x "$f" ] && echo "runs: $f"; [ -s "$f" ] || echo "empty: $f"; done
for d in top/*/; do d=${d%/}; echo "${d#top/}: $(find "$d" -type f | wc -l)"; done
