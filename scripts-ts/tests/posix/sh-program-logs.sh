# Rotates logs, and reports what is in them.
rotate() {
	local log=$1 keep=$2 i
	rm -f "$log.$keep"
	for ((i = keep - 1; i >= 1; i--)); do [ -e "$log.$i" ] && mv "$log.$i" "$log.$((i + 1))"; done
	[ -e "$log" ] && mv "$log" "$log.1"
	: > "$log"
}
for day in 1 2 3 4 5; do echo "entries of day $day" >> app.log; rotate app.log 3; done
for f in app.log*; do echo "$f: $(cat $f)"; done
cat > access.log <<'END'
10.0.0.1 - GET /index.html 200 512
10.0.0.2 - GET /missing 404 0
10.0.0.1 - POST /form 200 64
10.0.0.3 - GET /index.html 304 0
10.0.0.1 - GET /secret 403 0
END
declare -A hits errors
bytes=0
while read -r ip _ method path status size; do
	((hits[$ip]++)) ; ((bytes += size))
	case $status in 4??) errors[$path]=$status ;; esac
done < access.log
for ip in $(printf '%s\n' "${!hits[@]}" | sort); do printf '%-10s %s\n' $ip $(printf '%*s' ${hits[$ip]} '' | tr ' ' '#'); done
for path in $(printf '%s\n' "${!errors[@]}" | sort); do echo "error ${errors[$path]}: $path"; done
echo "$bytes bytes in $(wc -l < access.log) requests, $(grep -c GET access.log) of them GET"
cut -d' ' -f5 access.log | sort | uniq -c | sort -k1,1nr -k2 | while read -r n s; do echo "$s x$n"; done
