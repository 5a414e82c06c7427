tee /dev/null < "$IN"
