expand "$IN"
