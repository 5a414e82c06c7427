netstat "$IN"; netstat -a; netstat -s
