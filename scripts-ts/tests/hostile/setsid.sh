setsid -w cat "$IN"
