logd < "$IN"
