# What people do with trees: list, count, rename, archive, compare.
mkdir -p p/src/lib p/doc; for f in src/a.c src/b.c src/lib/x.h doc/r.md; do echo "/* $f */" > p/$f; done
echo TODO >> p/src/b.c; echo TODO >> p/doc/r.md
find p -type f | sort | sed 's|.*/||' ; find p -name '*.c' | sort | xargs wc -l; grep -rl TODO p | sort
grep -rn TODO p | sort | cut -d: -f1,2; find p -type f | sed 's/.*\.//' | sort | uniq -c
for f in p/src/*.c; do cp "$f" "${f%.c}.bak"; done; ls p/src; find p -name '*.bak' | xargs rm -v | sort; cp -r p q
echo more >> q/src/a.c; rm q/doc/r.md; : > q/new; diff -rq p q | sort; diff -ru p q | grep -c '^[-+][^-+]'
tar cf - p | (mkdir o; cd o; tar xf -); diff -r p o/p && echo same; tar czf a.tgz p; tar tzf a.tgz | grep -c '/$'
sed -i 's/TODO/DONE/' $(grep -rl TODO p); grep -rc DONE p | sort; find p -type f -newer a.tgz | wc -l > /dev/null
ls -R p | head -n 4; find p -type d | sort | sed 's|[^/]*/|  |g'; du -a --apparent-size -b p/src/lib/x.h
find . -name '*.h' -exec dirname {} \; | sort
