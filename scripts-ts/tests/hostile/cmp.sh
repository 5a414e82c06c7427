cmp -l "$IN" /etc/passwd
