dd if="$IN" bs=64k
