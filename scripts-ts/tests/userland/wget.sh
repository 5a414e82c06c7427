exec 2>&1
doas sh -c 'seq 1 20000 > /var/www/numbers; echo small > /var/www/small'
/sbin/httpd -p 8080 -l - > /tmp/log & sleep 0.2; cd /tmp
hide() { sed 's/20..-..-.. ..:..:../NOW/; s/([0-9.]* [KMG]*B\/s)/(SPEED)/; /%/s/[0-9.]*[KMG]*$//'; }
wget http://localhost:8080/small 2>&1 | hide; cat small; wget -q localhost:8080/small; ls small*; wget -q -O - localhost:8080/small; wget -O all localhost:8080/small localhost:8080/small -q; cat all
wget localhost:8080/numbers 2>&1 | hide | tail -n 8; head -c 60000 numbers > part; mv part numbers; wget -c -q localhost:8080/numbers; md5sum numbers; seq 1 20000 | md5sum; wget -c localhost:8080/numbers 2>&1 | tail -n 3
wget -nv localhost:8080/small 2>&1 | hide; wget --spider -q localhost:8080/small; echo $?; wget -q localhost:8080/none; echo $?; wget --no-verbose localhost:8080/none 2>&1 | hide
wget -q -P sub localhost:8080/small; echo $?; mkdir sub; wget -q -P sub localhost:8080/small; ls sub; echo localhost:8080/small | wget -q -i - -O -
wget -S -O /dev/null localhost:8080/small 2>&1 | grep -c Content-Length; wget -q --header 'Range: bytes=0-1' -O - localhost:8080/small; echo; wget -q --post-data a=b -O - localhost:8080/small; echo $?; wget -q -U me --user a --password b -T 5 -t 1 -O - localhost:8080/small
kill $!; wget -q -t 1 localhost:1; echo $?; wget -q nobody; echo $?; wget -nv nobody; wget; echo $?; wget ftp://x; echo $?; wget -t x a; echo $?; wget localhost:1 2>&1 | hide
