ls -la "$IN"; ls -lR /bin
