# A menu with select, answered from a here-document.
PS3='choice: '
order=()
select dish in soup salad 'fish and chips' quit; do
	case $dish in
	quit) break ;;
	'') echo "no such dish: $REPLY" ;;
	*) order+=("$dish"); echo "added $dish" ;;
	esac
done 2>/dev/null <<END
1
3
9

nonsense
2
4
END
echo "status $?, ${#order[@]} dishes: ${order[*]}"
select x in a b; do echo "$x"; done 2>/dev/null < /dev/null; echo "end of input: $?"
set -- first second; select arg; do echo "arg $arg"; break; done 2>/dev/null <<< 2
select n in 1 2 3; do [ "$n" ] || continue; [ $n = 2 ] && continue; echo "got $n"; [ $n = 3 ] && break; done 2>/dev/null <<< $'1\n2\n7\n3'
{ select v in {a..c}; do break; done <<< 2; } 2>&1; echo; echo $v
