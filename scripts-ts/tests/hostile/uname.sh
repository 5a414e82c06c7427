uname -a; uname "$IN"
