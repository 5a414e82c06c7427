# /dev/fd and /dev/stdin are what is open there: programs read them, write them and look at them.
echo copied | cp /dev/stdin copy
cat copy
stat -L -c %F /dev/stdin < copy
echo | stat -L -c %F /dev/stdin
cp copy /dev/stdout
echo through | tee /dev/fd/1
echo nowhere | tee /dev/fd/9
echo nowhere > /dev/fd/9
[ -p /dev/stdin ] && echo a pipe
echo | { [ -p /dev/stdin ] && echo a pipe; }
