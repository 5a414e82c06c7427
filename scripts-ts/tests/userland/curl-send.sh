exec 2>&1
serve() { { sleep 0.3; printf "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"; } | nc -l 8080 > /tmp/asked & sleep 0.1; }
printf 'one\ntwo\n' > /tmp/file
serve; curl -s -d name=value -d @/tmp/file localhost:8080/form; wait; tr -d '\r' < /tmp/asked; echo
serve; curl -s --data-binary @/tmp/file localhost:8080/form; wait; tr -d '\r' < /tmp/asked | tail -n 3
serve; curl -s --data-raw @file localhost:8080/; wait; tail -n 1 /tmp/asked; echo
serve; curl -s --json '{"a":1}' localhost:8080/; wait; tr -d '\r' < /tmp/asked; echo
serve; curl -s -T /tmp/file localhost:8080/up; wait; tr -d '\r' < /tmp/asked
serve; echo from input | curl -s -T - localhost:8080/up; wait; tr -d '\r' < /tmp/asked | tail -n 4
