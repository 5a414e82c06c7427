/bin/pwd; /bin/pwd "$IN"
