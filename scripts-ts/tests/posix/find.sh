exec 2>&1
umask 022
mkdir -p d/e/f d/g empty; echo 12345 > d/a.txt; : > d/e/b.TXT; head -c 3000 /dev/zero > d/e/f/big.bin; ln -s a.txt d/link; ln -s nowhere d/broken; ln -s .. d/e/up; : > 'd/sp ace'; : > d/.hid; chmod 755 d/a.txt; chmod 600 d/e/b.TXT; chmod 4755 d/.hid
touch -t 202001010000 d/a.txt; touch -t 200101010000 d/e/b.TXT
f() { find "$@" | sort; }
echo == all; f; f d/e; f d empty; find d/g; f d -print; find nothing; echo $?; f . d/g -maxdepth 0; f nothing empty
echo == names; f d -name '*.txt'; f d -iname '*.txt'; f d -name 'a*' -o -name 'b*'; f d -path '*e/f*'; f d -ipath 'D/E/*'; f -wholename './d/g'; f d -iwholename 'D/G'; f d -name '.*'; f d -name '[ab]*'; f d -lname 'a*'; f d -ilname 'NO*'; f d -name '\*'; f d -name 'sp ace'
echo == types; f d -type d; f d -type f; f d -type l; f d -type f,l; f d -xtype f; f d -xtype l; f . -empty; f d -type d -empty; find /dev/null -type c
echo == size; f d -size +1 -type f; f d -size 1 -type f; f d -size -1 -type f; f d -type f -size 6c; f d -size +2k -type f; f d -type f -size -10c; f d -type f -size 3k; f d -type f -size 1M; f d -type f -size 3w; f d -type f -size 6b
echo == times; f d -name '*.*' -mtime +100; f d -name '*.*' -mtime -100; f d -newer d/a.txt -name a.txt; f d -newer d/e/b.TXT -name '*.txt'; f d -newermt 2019-12-31 -name a.txt; f d -newermt '2020-01-02' -name a.txt; f d -mmin -60 -name big.bin; f d -mmin +60 -iname '*.txt' -mmin +6000; f d -ctime -1 -name a.txt; f d -cmin -60 -name a.txt; f d -cnewer d/e/b.TXT -name a.txt; f d -daystart -mtime -1 -name big.bin; f d -mtime 0 -name big.bin
echo == perm; f d -perm 755 -type f; f d -perm -700 -type f; f d -perm /111 -type f; f d -perm -u=x -type f; f d -perm 0600; f d -perm -4000; f d -perm /u+s,g+s; f d -perm -o=w -type f; f d -links 2 -type f; ln d/a.txt d/hard; f d -links 2 -type f; f d -samefile d/a.txt; f d -links +1 -type f; f d -inum +0 -name big.bin; f d -uid 99999; f d -gid 99999; f . -nouser; f . -nogroup; f d -readable -name a.txt; f d -writable -name a.txt; f d -executable -type f
echo == depth; f d -maxdepth 1; f d -mindepth 2; f d -mindepth 1 -maxdepth 1 -type d; find d/e/f -depth; find d/g empty -d; find d/e/f/big.bin d/e -maxdepth 1 -name f
echo == operators; f d -type f ! -name '*.txt'; f d -not -type f; f d \( -name a.txt -o -name big.bin \) -a -type f; f d -type d -and -name e -or -name g; f d -false -o -name g; f d -true -name g; f d -name g , -name e; f d ! \( -type f -o -type l \)
echo == prune; f d -name e -prune -o -print; f d -path d/e -prune -o -type f -print; find d/g -quit; find d/g empty -print -quit; f . -xdev -name g; f d -mount -name g
