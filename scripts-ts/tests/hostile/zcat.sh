zcat "$IN"
