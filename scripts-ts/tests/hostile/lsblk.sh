lsblk -aH; lsblk "$IN"
