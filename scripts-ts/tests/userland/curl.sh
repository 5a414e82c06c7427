exec 2>&1
serve() { nc -l -c "$1" 8080 & sleep 0.1; }
answer='while read -r line; do line=${line%?}; [ -z "$line" ] && break; echo "# $line" >> /tmp/asked; done; printf "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-A: b\r\n\r\nhello\n"'
serve "$answer"; curl localhost:8080/path?q=1 2> /tmp/meter; wait; head -n 2 /tmp/meter; cat /tmp/asked; rm /tmp/asked
serve "$answer"; curl -s -i -A me -e from -H 'X-One: 1' -H 'Accept:' -H 'X-Empty;' -u user:word -b c=d http://localhost:8080/ | tr -d '\r'; wait; cat /tmp/asked; rm /tmp/asked
serve "$answer"; curl -s -X DELETE --compressed -r 0-9 --url localhost:8080; wait; cat /tmp/asked; rm /tmp/asked
serve "$answer"; curl -s -G -d a=b --data-urlencode 'c=d e&f' localhost:8080/x; wait; head -n 1 /tmp/asked; rm /tmp/asked
serve "$answer"; curl -sS -o /tmp/out -w '%{http_code} %{size_download} %{url_effective} %{content_type}%%\n' localhost:8080; wait; cat /tmp/out; rm /tmp/asked
serve "$answer"; curl -sv localhost:8080 2>&1 | tr -d '\r'; wait
cd /tmp; serve "$answer"; curl -sO localhost:8080/named; wait; cat named; serve "$answer"; curl -s --output-dir /tmp/sub --remote-name-all localhost:8080/other; echo $?; wait
serve "$answer"; curl -# -o /dev/null localhost:8080 2>&1 | tr "\r" "\n" | tail -n 1; wait
serve "$answer"; curl -I -s localhost:8080 | tr -d '\r'; wait
