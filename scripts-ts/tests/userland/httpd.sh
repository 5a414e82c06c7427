exec 2>&1
doas sh -c 'echo hello > /var/www/a.txt; mkdir /var/www/sub; echo x > /var/www/sub/b'
/sbin/httpd -p 8080 -l - > /tmp/log & sleep 0.2
curl -s localhost:8080 | head -n 5; curl -s localhost:8080/a.txt; curl -s -r 1-2 localhost:8080/a.txt; echo; curl -s localhost:8080/sub/ | grep -c '>b<'; curl -s -o /dev/null -w '%{http_code}\n' localhost:8080/none
curl -sI localhost:8080/a.txt | grep -v Date | grep -v Last | grep -v ETag | tr -d '\r'
kill $!; wait $!; echo $?; sed 's/\[.*\]/[now]/' /tmp/log
/sbin/httpd -p 8081 -n -a 127.0.0.1 -v -l - > /tmp/log & sleep 0.2; curl -s -o /dev/null -w '%{http_code}\n' localhost:8081/sub/; kill $!; wait; head -n 1 /tmp/log
/sbin/httpd -p 8082 -l - /etc > /dev/null & sleep 0.2; curl -s -o /dev/null -w '%{http_code}\n' localhost:8082/passwd; kill $!
/sbin/httpd -p none; echo $?; /sbin/httpd -a x; echo $?; /sbin/httpd a b; echo $?
nc -l 8083 & sleep 0.1; /sbin/httpd -p 8083; echo $?; kill $!
