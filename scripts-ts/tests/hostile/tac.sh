tac "$IN"
