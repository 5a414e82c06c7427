TERM=xterm tput -S < "$IN"
