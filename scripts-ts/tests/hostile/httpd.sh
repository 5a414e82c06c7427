/sbin/httpd -p 4000 -l - & sleep 0.3; head -c 100000 "$IN" | nc -N -w 2 localhost 4000; kill $!; wait
