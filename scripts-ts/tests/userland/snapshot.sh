# Images of the machine: saved, listed, put back, removed.
snapshot --help
snapshot list; snapshot -1 list
echo one > note
snapshot save before-heist > said; s=$?
sed 's/(.*)/(size)/' said
if [ $s = 0 ]; then
	echo two > note
	snapshot load before-heist
	echo never
fi
echo "status $s"; cat note
snapshot --quiet save || exit 9
snapshot -q save "with blanks"
snapshot --one list
snapshot list | sed -E 's/ +[0-9.]+[KM] +[A-Z][a-z]+ .* / SIZE DATE /'
snapshot rm auto nothing a/b
snapshot -1 list
