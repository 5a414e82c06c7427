# Blocks and bytes of files, sums, depths, what is left out.
exec 2>&1
mkdir -p d/e; truncate -s 10000 d/a; echo x > d/e/b; ln d/a d/h; : > d/z
u() { du "$@"; echo --; }
u -b d/a d/e/b; u -bc d/a d/e/b; u -ab d/a d/z; u --apparent-size d/a; u -h --apparent-size d/a
u --apparent-size -B 1 d/a d/z; u --apparent-size -k d/a; u --apparent-size -m d/a; u --apparent-size -B 3K d/a
u --apparent-size --si d/a; u -bs d/a d/h; u -bl d/a d/h; u -bh d/a; u -0b d/a d/z | tr '\0' '!'
u --bytes --total d/z; u -b --exclude='*z' d/z d/a; u -b d/a d/a; u -bD d/a
du gone; echo $?; du -d; echo $?; du -d x d; echo $?; du -sa d; echo $?; du -q; echo $?; du -s -d 1 d > /dev/null
echo $?; du gone d/z; echo $?; du -k d/z; du -b --max-depth=0 d/z
