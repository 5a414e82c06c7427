exec 2>&1
echo x > a; head -c 5000 /dev/zero > b; : > e; ln b h; ln -s b l; head -c 1048577 /dev/zero > big
du a; du a b e; du -b a b; du -h a b big; du -k b; du -m big; du -c a b; du --total a; du -s a b; du -a b; du --apparent-size b big; du --apparent-size -h b big; du -B 1 b; du -B 4K b; du --block-size=1K b; du --bytes b; du --si big; du b h; du -l b h; du --count-links b h; du -L l; du -D l; du -H l; du -P a; du -0 a b; echo; du --human-readable big; du --inodes a b; du -x a; du --exclude='b*' a b big; du -d 0 a; du --max-depth=0 a; du -S a; du -bc a b; du -hc big big
du missing; echo $?; du a missing b; echo $?; du -d x a; echo $?; du -as a
