logwriter log < "$IN"
