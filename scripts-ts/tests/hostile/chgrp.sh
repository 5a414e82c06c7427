cp "$IN" a; chgrp -v "$(id -gn)" a; chgrp "$(head -c 100 "$IN" | tr -d "\000")" a
