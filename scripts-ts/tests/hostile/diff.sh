diff -u "$IN" /etc/passwd
