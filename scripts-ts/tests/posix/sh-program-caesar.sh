# Ciphers: rotation by tr, and by numbers.
rot13() { tr A-Za-z N-ZA-Mn-za-m; }
shift_text() {
	local by=$1 text=$2 out= c code base i
	for ((i = 0; i < ${#text}; i++)); do
		c=${text:i:1}
		case $c in
		[a-z]) base=97 ;;
		[A-Z]) base=65 ;;
		*) out+=$c; continue ;;
		esac
		printf -v code %d "'$c"
		printf -v code %03o $(((code - base + by + 26) % 26 + base))
		printf -v c "\\$code"
		out+=$c
	done
	echo "$out"
}
echo 'Hello, World!' | rot13; echo 'Hello, World!' | rot13 | rot13
shift_text 3 'Veni, vidi, vici'; shift_text -3 "$(shift_text 3 'attack at dawn')"; [ "$(shift_text 13 Test)" = "$(echo Test | rot13)" ] && echo same
for c in A z 0; do printf '%s=%d=%x ' "$c" "'$c" "'$c"; done; echo
hex= ; s='Hi!'; for ((i = 0; i < ${#s}; i++)); do printf -v h '%02x' "'${s:i:1}"; hex+=$h; done; echo $hex; out=; while [ "$hex" ]; do printf -v c "\\x${hex:0:2}"; out+=$c; hex=${hex:2}; done; echo "$out"
