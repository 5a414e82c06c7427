# What touch does not make, and words that are no times.
exec 2>&1
: > f; mkdir d; ln -s gone b; ln -s f l
touch; echo $?; touch x/y; echo $?; touch f/; echo $?; touch f/x; echo $?; touch d/; echo $?; touch .; echo $?
touch ''; echo $?; touch new/; echo $?; touch -c gone2; echo $?; ls; touch b; ls; touch -d '2035-02-30' f; echo $?
touch -t 1 f; echo $?; touch -t 203513010000 f; echo $?; touch -t 203501012500 f; echo $?; touch -t 203501010060 f
echo $?; touch -r none f; echo $?; touch -d now -t 203501010000 f; echo $?; touch -r f -t 203501010000 f; echo $?
touch -q f; echo $?; touch -d; echo $?; touch --time=never f; echo $?; touch -t 203501010000.30 l
stat -c '%y' f | cut -c 1-19; touch -- -n; ls -- -n; touch -d '2035-01-01' a 'b c'; ls
touch -c -t 203501010000 none f; ls none; touch -m -r f d; stat -c %Y d; touch -- '' f; echo $?
