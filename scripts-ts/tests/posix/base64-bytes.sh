# Every byte there and back, and through the other dumps.
i=0; while [ $i -lt 256 ]; do printf "\\$(printf %03o $i)"; i=$((i + 1)); done > all
wc -c < all; md5sum < all; base64 all; base64 all | base64 -d | cmp - all; xxd -p all | xxd -r -p | cmp - all
xxd all | xxd -r | cmp - all; od -An -v -tx1 all | tr -d ' \n' | xxd -r -p | cmp - all
gzip -c all | gunzip | cmp - all; tr -d '\000-\037' < all | wc -c
tr '\000-\377' '\001-\377\000' < all | od -An -tu1 | tail -n 1; cat -v all | wc -c; cut -b 1 all | wc -c
tac all | tac | cmp - all; sort -z all | wc -c; head -c 128 all | cmp - all; tail -c 10 all | od -An -tu1
split -b 100 all p; cat pa? | cmp - all; dd if=all bs=7 status=none | cmp - all; tar cf a.tar all
tar xOf a.tar | cmp - all; sed p all | wc -c; hexdump -v -C all | wc -l
