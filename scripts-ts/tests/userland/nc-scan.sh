exec 2>&1
nc -lk 4010 & nc -lk 4012 & sleep 0.1
nc -zv localhost 4009-4012; echo $?; nc -z localhost 4009; echo $?; nc -znv 127.0.0.1 4010; nc -zv localhost http
kill %1 %2
{ nc -v -l 127.0.0.1 4013 2>&1 > /dev/null | cut -d " " -f 1-4; } & sleep 0.1; nc -v -N -p 5555 -s 127.0.0.1 localhost 4013 < /dev/null; wait
nc -w 0.2 -l 4014 < /dev/null & sleep 0.1; nc -w 0.3 localhost 4014 < /dev/null; echo $?; wait
nc -l 4015 & sleep 0.1; nc -l 4015; echo $?; kill $!
nc -l 80; echo $?; nc nobody 1; echo $?; nc localhost; echo $?; nc -l 99999; echo $?; nc localhost nothing; echo $?; nc -w x localhost 1; echo $?; nc --help | head -n 3
