newgrp -- "$(head -c 200 "$IN")" < "$IN"
