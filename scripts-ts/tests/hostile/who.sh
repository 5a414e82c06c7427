who < "$IN"
