# Reads a table and reports on it.
cat > people.csv <<'END'
name,age,city
Ada,36,London
Linus,28,Helsinki
Grace,45,New York
Ken,28,Murray Hill
END
{
	read -r header
	echo "fields: ${header//,/ }"
	sum=0 n=0 oldest=0
	while IFS=, read -r name age city; do
		printf '%-6s|%3d|%s\n' "$name" "$age" "$city"
		((sum += age, n++))
		((age > oldest)) && oldest=$age who=$name
	done
	echo "average $((sum / n)).$((sum * 10 / n % 10)), oldest $who"
} < people.csv
tail -n +2 people.csv | cut -d, -f2 | sort -n | uniq -c | while read -r count age; do echo "$age: $count"; done
while IFS=, read -ra row; do (IFS=';'; echo "${row[*]}"); done < people.csv | head -n 2
declare -A by_age
while IFS=, read -r name age _; do [[ $age == age ]] || by_age[$age]+="${by_age[$age]:+ }$name"; done < people.csv
for age in $(printf '%s\n' "${!by_age[@]}" | sort -n); do echo "$age -> ${by_age[$age]}"; done
