# -size rounds up to its unit; +, - and plain numbers; days and minutes.
exec 2>&1
mkdir d; cd d; for n in 0 1 511 512 513 1024 1025 5000 1048576 1048577; do truncate -s $n s$n; done
f() { echo "$@:" $(find . -type f "$@" | sort); }
f -size 0; f -size 1; f -size -1; f -size -2; f -size +1; f -size 2; f -size 1k; f -size -1k; f -size +1k; f -size 2k; f -size 1M; f -size -1M; f -size +1M; f -size 512c; f -size +512c; f -size -512c; f -size 256w; f -size +1000c -size -2000c; f -empty; f ! -empty -size -3
rm -f *; touch -d '10 days ago' a; touch -d '36 hours ago' b; touch -d '90 minutes ago' c; : > e; touch -d '2 minutes ago' g
f -mtime 0; f -mtime 1; f -mtime +1; f -mtime -1; f -mtime 10; f -mtime +9; f -mmin -30; f -mmin +60; f -mmin -100 -mmin +50
f -newer c; f ! -newer c; f -newermt '3 days ago'; f ! -newermt '@0'; touch -r c h; f -newer c
