# Directories: what is only here, -r, -N, -q, -s, -x, files against directories.
exec 2>&1
mkdir -p 1/sub 2/sub 1/only1 2/only2 1/kind; echo a > 1/f; echo b > 2/f; echo s > 1/same; echo s > 2/same
echo 1 > 1/o; echo 2 > 2/p; echo x > 1/sub/g; echo y > 2/sub/g; : > 1/only1/h; echo k > 2/kind; printf 'b\0in' > 1/bin
printf 'b\0im' > 2/bin
diff 1 2; echo $?; diff -r 1 2; echo $?; diff -rq 1 2; diff -rs 1/sub 2/sub; diff -s 1/same 2/same
diff -rN 1/only1 2/only2; echo $?
diff -r -x f -x 'o*' -x kind -x bin 1 2; diff -r --exclude='*' 1 2; echo $?; printf 'f\nbin\n' > ex
diff -rq -X ex 1 2; diff 1/f 2; diff 1 2/f; diff -r 1 1; echo $?
diff -rN -U 0 1/only1 2/sub | grep -v '^[-+][-+]'; diff -q 1/f 2/f; echo $?; diff -q 1/f 1/f; echo $?
diff 1/bin 2/bin; echo $?; diff -q 1/bin 2/bin; diff -N gone 1/f; echo $?; diff -r gone 1; echo $?; diff 1 gone
echo $?; diff -rqN 1/sub 2/sub
