# -d relative to -r, and the forms of -t.
exec 2>&1
s() { stat -c %y "$1" | cut -c 1-22; }
touch -d '2030-05-06 07:08:09' f; s f
touch -m -d '2032-01-01 00:00:02' f; s f
touch -r f g; s g
touch -r f -d '+1 hour' h; s h
touch -r f -d '-1 day' h; s h
touch -t 01020304 h; stat -c %y h | cut -c 6-19
touch -t 6801020304 h; s h; touch -t 203402290000 h; echo $?
touch -t 203602290000.60 h; s h
touch -t 2035010203 h; s h
touch -t 20350102030405 h; echo $?; touch -t x h; echo $?
touch -c -d 2035-01-01 none; ls
touch -d '2035-01-01 24:00' h; echo $?
touch -m f g -t 203501010000; s f; s g
touch -d '2035-01-01 10:00' -- -x; s ./-x
