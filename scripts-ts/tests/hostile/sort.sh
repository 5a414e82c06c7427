sort -k2n -u "$IN"
