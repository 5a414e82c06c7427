# set -C keeps files from being overwritten.
exec 2>&1
set -C; echo one > f; echo two > f; echo $?; cat f; echo three >| f; cat f; echo four >> f; cat f; echo five &> f; echo $?; echo six 2> f; echo $?
echo x > /dev/null; echo $?; ln -s nowhere link; echo x > link; echo $?; mkfifo p 2>/dev/null; : 1<> f; echo $?; { echo a; } > f; echo $?; (set +C; echo inner > f); cat f; [ -o noclobber ] && echo on
set +o noclobber; echo plain > f; cat f; set -o noclobber; exec 3> f; echo "goes on $?"; for i in 1; do echo $i; done > f; echo $?; > f; echo $?; set +C; > f; echo $? $(wc -c < f)
