exec 2>&1
echo one > a; echo two > b; mkdir d
ln a h; cat h; stat -c %h a; ln -s a s; readlink s; ln a h; echo $?; ln -s a s; echo $?; ln -f b h; cat h; ln -sf b s; readlink s; ln --force --symbolic a s; readlink s
ln -v a v; ln -sv a w; ln --verbose -f b v; ln a b d; ls d; ln -s ../a d; echo $?; ln -sf ../a d; readlink d/a; ln -t d -s ../b; echo $?; ln -s --target-directory=d x y; ls d; (cd d; ln -s ../b bb; ln ../a; echo $?; ln -s ../h; readlink h)
ln -s d dl; ln -s a dl; echo $?; ln -sf a dl/q; readlink d/q; ln -sn a dl; echo $?; ln -sfn a dl; readlink dl; ln -s d d2; ln -sfT a d2; readlink d2; ln -T a d; echo $?; ln -sT a d; echo $?; ln -sfT a d; echo $?; ln -s --no-dereference d d3; readlink d3
ln missing m; echo $?; ln -s missing m; readlink m; ln d hard; echo $?; ln; echo $?; ln a b nowhere; echo $?; ln a a; echo $?; ln -f a a; echo $?; ln -sf a a; echo $?; ln a no/such; echo $?; ln -s a no/such; echo $?; ln -t nowhere a; echo $?; ln -T a; echo $?; ln -T a b c; echo $?; ln -s '' e; echo $?
mkdir -p p/q r; ln -sr a p/q/l; readlink p/q/l; ln -sr p/q/l r; readlink r/l; ln -s --relative d/a p/rel; readlink p/rel; ln -r a z; echo $?; echo n | ln -i b h; echo; echo y | ln -is b h; echo; readlink h; echo n | ln --interactive -s b h; echo
ln -P s sp; readlink sp; ln --physical s sp2; readlink sp2; ln -L s sl; stat -c %F sl; ln --logical s sl2; stat -c '%F %h' sl2; ln -s a 'sp ace'; ln -sv a "it's"; ln -s a a; echo $?; ln -s a x y d; echo $?
