nohup cat "$IN"
