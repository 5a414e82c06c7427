# s: which match, how often, what is printed, other delimiters.
exec 2>&1
printf 'aaa bbb aaa\nccc\nAaA\n' > f
sed 's/a/X/' f; sed 's/a/X/g' f; sed 's/a/X/2' f; sed 's/a/X/2g' f; sed 's/a/X/9' f; sed 's/a/X/I' f; sed 's/a/X/gi' f
sed -n 's/c/X/p' f; sed -n 's/c/X/gpw out' f; cat out; sed 's/c/X/3p' f
sed 's,a,/,' f; sed 's|a\|b|X|g' f; sed 's#a\#b#X#' f; sed 's:a:\:,:' f; sed 'sxaxbx' f; sed 's a b g' f
sed 's/a*/x/g' f; sed 's/b*/x/2' f; sed 's/$/;/;s/^/> /' f; sed 's/^/x/g' f; sed 's/[^ ]*/(&)/g' f
sed 's/\(a\)\(a\)/\2-\1/' f; sed 's/a/\&/;s/a/[\\]/' f; sed 's/ /\n/g' f; sed 's/ /\
/' f; sed 's/./&&/4' f; sed 's/.*/"&"/' f; sed 's/\n//' f; sed 's/a\|c/_/g' f; sed 's/a//g' f; sed '2s/.*//' f
sed 's/a' f; sed 's/a/b' f; sed 's/a/b/0' f; sed 's/a/b/gg' f; sed 's/a/b/pp' f; sed 's/a/b/1 2' f; sed 's/a/\2/' f
sed 's/\(a/b/' f; sed 's' f; echo $?
