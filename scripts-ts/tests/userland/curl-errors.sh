exec 2>&1
masked() { sed 's/after [0-9]* ms/after N ms/'; }
curl; echo $?; curl localhost:1 2>&1 | masked; curl -s localhost:1; echo $?; curl -sS nobody; echo $?; curl ftp://x; echo $?; curl 'http://['; echo $?; curl -sS -m 0.5 10.255.255.1 2>&1 | masked
serve() { { sleep 0.3; printf "$1"; } | nc -l -q 0.1 8080 > /dev/null & sleep 0.1; }
serve 'HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno'; curl -sSf localhost:8080; echo $?; wait
serve 'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nshort'; curl -sS --remove-on-error -o /tmp/part localhost:8080; echo $?; wait; ls /tmp/part
serve ''; curl -sS localhost:8080; echo $?; wait
serve 'this is no HTTP\n'; curl -sS localhost:8080; echo $?; wait
nc -l 8080 > /dev/null & sleep 0.1; curl -sS -m 0.5 localhost:8080; echo $?; wait
nc -lk -c 'while read -r x; do [ ${#x} -le 1 ] && break; done; printf "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"' 8080 & sleep 0.1; curl -sSL --max-redirs 3 -w '%{num_redirects}\n' localhost:8080; echo $?; curl -s -w '%{redirect_url}\n' localhost:8080; kill $!
curl -sS -o /nodir/x localhost:1 2>&1 | masked; curl -d @/none localhost; echo $?; curl -T /none localhost; echo $?; curl -m x localhost; echo $?; curl -z; echo $?; curl --connect-timeout 1 -s localhost:1; echo $?
