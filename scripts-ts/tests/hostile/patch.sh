patch -o - /etc/passwd "$IN"
