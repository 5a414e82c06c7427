# $0 and BASH_SOURCE: where a script is, and what is sourced from where.
mkdir -p app/lib
cat > app/main <<'END'
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
echo "in ${here##*/}, called $0"
. "$here/lib/helper"
helper one
echo "${#BASH_SOURCE[@]} ${BASH_SOURCE##*/}"
[[ ${BASH_SOURCE[0]} == "$0" ]] && echo run || echo sourced
END
cat > app/lib/helper <<'END'
echo "helper: ${BASH_SOURCE[0]##*/} from ${BASH_SOURCE[1]##*/}"
helper() { echo "helper $1"; }
END
. app/main
(cd app && . ./main) | sed 's/called .*/called/'
echo "[${BASH_SOURCE[0]}]"
