comm --nocheck-order "$IN" /etc/passwd
