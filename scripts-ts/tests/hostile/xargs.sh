xargs -s 4096 true < "$IN"
