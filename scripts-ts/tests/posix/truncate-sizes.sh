# Sizes that are set, added, rounded, and taken from other files.
exec 2>&1
z() { stat -c '%n %s' "$@"; }
for s in 10 +5 -3 '<8' '<20' '>20' '>5' /8 %16 1K +1KB 2KiB 1M -1K 0 -5; do truncate -s "$s" f; echo "$s $(stat -c %s f)"; done
echo hello > a; truncate -s 3 a; cat a; echo; truncate -s 6 a; od -An -c a; truncate -r a b; z b
truncate -r a -s +4 b; z b; truncate -r a -s %4 c; z c; truncate -s 5 a b c; z a b c; truncate -c -s 5 none; echo $?
ls; truncate --size=2 --no-create a; z a; truncate --reference=a e; z e
truncate; truncate a; truncate -s 5; truncate -s x a; truncate -s +-5 a; truncate -s '<' a; truncate -s %0 a
truncate -s /0 a; truncate -r gone a; truncate -s 5 .; truncate -s 5 no/such; truncate -r a -s 5 b; truncate -q a
echo $?
