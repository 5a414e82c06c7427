# -r computes the way from the link to its target.
exec 2>&1
mkdir -p p/q r/s/t; : > f; : > p/g
ln -sr f p/q/1; readlink p/q/1
ln -sr p/g r/s/t/2; readlink r/s/t/2
ln -sr p/g p/3; readlink p/3
ln -sr p r/s; readlink r/s/p
ln -srv ./p/../f r/4
ln -sr gone/x p/5; readlink p/5
ln -s ../p r/lp; ln -sr f r/lp/6; readlink p/6
ln -srf r p/3; readlink p/3
ln -sr f p/g p/q; readlink p/q/f p/q/g
ln -srt r/s f; readlink r/s/f
ln -srT f r/7; readlink r/7
ln -sr . p/here; readlink p/here
