# Reads a configuration file with sections, comments and quotes.
cat > app.conf <<'END'
# general
name = My Application
debug=true

[server]
host = example.org   ; the public one
port=8080
path = "/srv/a b"
[client]
retries = 3
bad line here
END
declare -A config
section=
line_number=0
while IFS= read -r line || [ -n "$line" ]; do
	((line_number++))
	line=${line%%[;#]*}
	line=${line#"${line%%[![:space:]]*}"}
	line=${line%"${line##*[![:space:]]}"}
	case $line in
	'') continue ;;
	\[*\]) section=${line:1:-1}. ;;
	*=*)
		key=${line%%=*} value=${line#*=}
		key=${key%"${key##*[![:space:]]}"} value=${value#"${value%%[![:space:]]*}"}
		[[ $value =~ ^\"(.*)\"$ ]] && value=${BASH_REMATCH[1]}
		config[$section$key]=$value
		;;
	*) echo "line $line_number: what is '$line'?" ;;
	esac
done < app.conf
for key in $(printf '%s\n' "${!config[@]}" | sort); do echo "$key=<${config[$key]}>"; done
echo "http://${config[server.host]}:${config[server.port]}${config[server.base]:-/}"
[[ ${config[debug]} == true ]] && echo debugging
