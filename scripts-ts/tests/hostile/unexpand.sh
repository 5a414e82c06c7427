unexpand -a "$IN"
