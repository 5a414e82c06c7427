du -a "$IN" /bin
