more "$IN"
