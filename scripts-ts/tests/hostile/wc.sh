wc -lwcmL "$IN"
