/sbin/init < "$IN"
