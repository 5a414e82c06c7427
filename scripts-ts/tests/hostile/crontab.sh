crontab "$IN"
