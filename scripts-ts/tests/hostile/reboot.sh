reboot < "$IN"
