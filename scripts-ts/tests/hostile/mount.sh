doas mount "$IN" /mnt; doas mount -o "$(head -c 100 "$IN" | tr -d "\000")" "$IN" /mnt; doas cp "$IN" /etc/fstab; doas mount -a; mount -t "$IN"; mount
