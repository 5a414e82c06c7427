join --nocheck-order "$IN" /etc/passwd
