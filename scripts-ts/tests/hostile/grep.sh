grep -e a -e "[0-9]*x" "$IN"; grep -c "\(a*\)*b" "$IN"; grep -F -f "$IN" "$IN"
