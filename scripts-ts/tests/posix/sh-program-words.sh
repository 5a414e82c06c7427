# Counts words of a text.
text='the quick brown fox jumps over the lazy dog; the dog sleeps.
The fox runs away, quick as ever'
declare -A count
total=0
while read -r -a line; do
	for word in "${line[@]}"; do
		word=${word//[[:punct:]]/}
		word=${word,,}
		count[$word]=$((${count[$word]:-0} + 1))
		((total++))
	done
done <<< "$text"
for word in "${!count[@]}"; do
	printf '%3d %s\n' "${count[$word]}" "$word"
done | sort -k1,1nr -k2 | head -n 5
echo "$total words, ${#count[@]} of them different"
echo "$text" | tr -cs 'A-Za-z' '\n' | tr A-Z a-z | sort | uniq -c | sort -rn | head -n 1
