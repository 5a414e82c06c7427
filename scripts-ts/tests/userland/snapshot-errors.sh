# What is not done is said, with a status.
for words in "" "save a b" "load none" "load a/b" "rm" "rm none" "list x" "keep"; do
	snapshot $words
	echo "$words: $?"
done
snapshot save "$(printf 'a\nb')"; echo $?
snapshot save "$(printf '%065d' 0)"; echo $?
snapshot -z list; echo $?
i=0
while snapshot -q save s$i; do i=$((i + 1)); done
echo $i
