exec 2>&1
curl; echo $?; curl localhost:1 2>&1 | sed 's/after [0-9]* ms/after N ms/'; curl -s localhost:1; echo $?; curl -sS nobody; echo $?; curl ftp://x; echo $?; curl 'http://['; echo $?; curl -sS -m 0.5 10.255.255.1; echo $?
nc -l -c 'read x; printf "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"' 8080 & sleep 0.1; curl -sSf localhost:8080; echo $?; wait
nc -l -c 'read x; printf "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nshort"' 8080 & sleep 0.1; curl -sS --remove-on-error -o /tmp/part localhost:8080; echo $?; wait; ls /tmp/part
nc -l -c 'read x' 8080 & sleep 0.1; curl -sS localhost:8080; echo $?; wait
nc -l -c 'read x; echo this is no HTTP' 8080 & sleep 0.1; curl -sS localhost:8080; echo $?; wait
nc -l -c 'sleep 3' 8080 & sleep 0.1; curl -sS -m 0.5 localhost:8080; echo $?; kill %%
nc -lk -c 'read x; printf "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"' 8080 & sleep 0.1; curl -sSL --max-redirs 3 -w '%{num_redirects}\n' localhost:8080; echo $?; curl -s -w '%{redirect_url}\n' localhost:8080; kill %%
curl -sS -o /nodir/x localhost:1; echo $?; curl -d @/none localhost; echo $?; curl -T /none localhost; echo $?; curl -m x localhost; echo $?; curl -z; echo $?; curl --connect-timeout 1 -s localhost:1; echo $?
