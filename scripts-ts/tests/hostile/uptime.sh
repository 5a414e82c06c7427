uptime "$IN"
