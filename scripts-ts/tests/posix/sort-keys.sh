# Keys: fields and characters, where they end, their letters, several of them.
exec 2>&1
printf '%s\n' 'bob 3 2024-01' 'al 10 2023-12' 'Cy 2 2024-02' 'al 9 2023-01' ' eve 3 2022-07' > f
printf '%s\n' 'x:b2:10' 'y:a10:9' 'x:a9:9' 'z::1' 'w:a9' > c
for k in 1 1,1 2 2n 2,2n 2nr 1f 1b,1 2.1,2.1 3.2,3.5n 1.2,1.3 3.6 '1,1f -k2,2n' '2,2n -k1,1r' '3.2,3.5nr -k2,2n' 5 '1,1 -r' '2n,2 -u' '1,1 -s' '1,1r -s'; do echo "== -k $k"; sort -k $k f; done
for k in 2 2,2 2V 3n 3,3n '3,3n -k1,1' 2.2n '2.1,2.1 -k2.2n' '1,1 -u' '3,3 -u' '2,2 -s -r' 9; do echo "== -t: -k $k"; sort -t: -k $k c; done
sort -t ' ' -k2 f; sort -b -k2,2 f; sort -k2b,2 -k1 f; sort -n -k2 f; sort -n -k2,2 -k1,1 f; sort -k 1.0 f
sort -k 0 f; sort -k 2x f; sort -k 1,0 f; sort -k 1.1.1 f; sort -k a f; sort -t xx -k1 f
sort -t '\0' -k1 c | head -n 1; echo $?
