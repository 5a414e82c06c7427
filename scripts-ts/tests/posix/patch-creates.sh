# New files, emptied files, removed ones, and ends without newlines.
exec 2>&1
printf -- '--- /dev/null\n+++ new\n@@ -0,0 +1,2 @@\n+one\n+two\n' > p; patch < p; cat new; patch -R < p; ls
mkdir d; printf -- '--- /dev/null\n+++ b/sub/deep/new\n@@ -0,0 +1 @@\n+x\n' > q; patch -d d -p1 < q
cat d/sub/deep/new
printf 'gone\n' > g; printf -- '--- g\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n' > r; patch < r; ls g; patch -R < r
cat g
printf 'x\n' > e; printf '1d0\n< x\n' > s; patch e s; wc -c < e; printf 'x\n' > e; patch -E e s; ls e
printf 'end' > n; printf 'end\n' > m; diff -u --label n --label n n m > t; patch < t; cmp n m; patch -R < t; cat n
echo; printf 'a\nb' > n; printf 'a\nc' > m; diff -u --label n --label n n m | patch; cat n; echo
printf 'diff --git a/k b/k\nindex 1..2 100644\n--- a/k\n+++ b/k\n@@ -1 +1 @@\n-k\n+K\n' > git; echo k > k
patch -p1 < git; cat k
