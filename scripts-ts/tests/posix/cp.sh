exec 2>&1
umask 022
echo one > a; echo two > b; mkdir d
cp a c; cat c; cp b c; cat c; cp a b d; ls d; cp a d/new; cat d/new
cp -v a x; cp -n b x; cat x; cp --no-clobber b x; cat x; cp -T a y; cat y; cp --verbose a y; cp -f b y; cat y
cp d e; echo $?; cp -r d e; ls e; cp -r d e; ls -R e; cp -R d/. f; echo $?; ls f; cp --recursive d g; ls g
cp missing z; echo $?; cp a; echo $?; cp; echo $?; cp a b nowhere; echo $?; cp a b c; echo $?; cp a a; echo $?
cp -r d d/sub; echo $?; rm -rf d/sub; cp d a; echo $?; cp -r d a; echo $?; mkdir h; mkdir h/a; cp a h; echo $?
cp a no/such; echo $?; cp -T a b c; echo $?; cp -T -t d a; echo $?; cp -t nowhere a; echo $?; cp -t a b; echo $?; cp -t d a b; ls d; cp --target-directory=d x; ls d
chmod 751 a; touch -t 203001020304.05 a; ln -s a link
cp -p a kept; cp a fresh; cp link followed; cp -r link linked; cp -P link l2; cp -d link l3; cp -a link l4; cp -L link l5; cp -rH link l6; cp -rL link l7
stat -c '%n %a %Y' kept; stat -c '%n %a' fresh followed; stat -c '%n %F' l2 l3 l4 l5 l6 l7 linked
cp --preserve=mode b m1; cp --preserve=mode,timestamps a m2; cp -p --no-preserve=mode a m3; cp --preserve a m4; stat -c '%n %a' m1 m2 m3 m4; stat -c %Y m2 m4
cp --attributes-only a m5; stat -c '%n %s' m5
ln a hard; mkdir t; mv a hard t; cp -a t u; stat -c '%n %h' u/a u/hard; cp -r t v; stat -c '%n %h' v/a v/hard; cp -r --preserve=links t w; stat -c %h w/a
mkdir s; cp -l b s; stat -c %h b; cp -l b s; echo $?; cp --link x s/b; echo $?; cp -lf x s/b; stat -c %h x; cp -s b sym; readlink sym; cp -s b s/q; echo $?; cp --symbolic-link b sym; echo $?; cp -sf x sym; readlink sym; cp -ls b q
touch -t 202001010000 old; touch -t 202101010000 new; echo new > new; touch -t 202101010000 new; cp -u old new; cat new; cp -u new old; cat old; cp --update new nn; cat nn
echo y | cp -i b c; cat c; echo n | cp -i x c; cat c; echo n | cp --interactive x c; echo; cp -in x c; cp -ni x c < /dev/null; echo
cp --remove-destination x c; cat c; cp -fR d/. c2; ls c2; mkdir -p p/q; echo z > p/q/r; cp --parents p/q/r d; cat d/p/q/r; cp --parents p/q/r nodir; echo $?; cp --strip-trailing-slashes x/ t; cat t/x
ln -s nowhere dang; cp b dang; echo $?; cp --remove-destination b dang; cat dang; mkdir d1 d2; echo 1 > d1/s; echo 2 > d2/s; cp d1/s d2/s t; echo $?; cat t/s
mkdir -p cy/in; echo x > cy/in/f; ln -s .. cy/in/up; cp -rL cy cy2; echo $?; ls -R cy2; head -c 300000 /dev/zero > big; cp big copy; stat -c %s copy
