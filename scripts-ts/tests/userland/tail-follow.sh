exec 2>&1
mkdir -p /tmp/follow; cd /tmp/follow; echo one > a; echo b1 > b
tail -f a > out & sleep 0.3; echo two >> a; sleep 0.5; kill $!; cat out
tail -n 1 -f a b > out & sleep 0.3; echo b2 >> b; sleep 0.3; echo three >> a; sleep 0.5; kill $!; cat out
tail -F a > out 2>&1 & sleep 0.3; mv a old; sleep 0.5; echo new > a; sleep 0.5; kill $!; cat out
tail -f a > out 2>&1 & sleep 0.3; echo x > a; sleep 0.5; kill $!; cat out
tail --follow=name --retry late > out 2>&1 & sleep 0.3; echo now > late; sleep 0.5; kill $!; cat out
sleep 0.5 & tail -f --pid=$! -s 0.1 a; echo $?
tail -f missing; echo $?
echo piped | tail -f
cd /; rm -r /tmp/follow
