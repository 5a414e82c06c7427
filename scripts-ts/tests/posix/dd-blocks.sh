# Blocks: sizes, counts, skips, seeks, conversions, and what is told at the end.
exec 2>&1
printf 'abcdefghijklmnopqrstuvwxyz\n' > f; d() { dd status=none "$@"; }
d if=f bs=5 count=2; echo; d if=f bs=1 skip=20; d if=f ibs=4 obs=6 skip=2 count=2; echo; d if=f of=o; cmp f o
d if=f of=o bs=3 seek=2 count=1 conv=notrunc; cat o; d if=f of=o bs=3 count=1; cat o; echo
d if=f of=o bs=2 count=1 oflag=append conv=notrunc; cat o; echo; d if=f conv=ucase; d if=f conv=swab
d if=f bs=8 conv=sync | wc -c; d if=f conv=ucase,swab count=1 bs=10; echo; d < f of=o bs=4 count=1; cat o; echo
d if=f of=n seek=3 bs=1 count=1; od -An -c n; d if=f iflag=skip_bytes,count_bytes skip=3 count=4 bs=2; echo
d if=/dev/zero bs=1K count=2 | wc -c; d if=/dev/null | wc -c; d if=f bs=1k skip=5
dd if=f of=o status=noxfer; dd if=f of=o bs=4 count=2 status=noxfer; dd if=f of=o bs=10 status=noxfer
dd if=f of=/dev/null bs=1 status=noxfer; dd if=f of=o ibs=3 obs=9 status=noxfer
dd if=gone; dd if=f of=no/such; dd bs=0 if=f; dd bs=x if=f; dd count=x if=f; dd nonsense; dd conv=x if=f
dd status=x if=f; dd iflag=x if=f; dd conv=lcase,ucase if=f; dd if=f conv=excl of=o; dd if=f conv=nocreat of=none
dd if=. status=none; echo $?
