# Sizes for people, in powers of 1024 and of 1000, rounded up.
umask 022
for n in 0 1 999 1000 1023 1024 1025 1500 10137 10240 10241 102400 999999 1048576 10485761; do truncate -s $n f$n; touch -t 203501020304 f$n; done
ls -gG --time-style=+ -h | sed 1d
ls -gG --time-style=+ --si | sed 1d
ls -gG --time-style=+ f1500 f1048576
