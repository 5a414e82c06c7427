doas umount "$IN"; doas umount "$(head -c 100 "$IN" | tr -d "\000")" / /proc; umount -a
