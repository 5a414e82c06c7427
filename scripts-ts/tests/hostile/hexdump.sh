hexdump -C "$IN"
