tr -cs "a-z" "\n" < "$IN"
