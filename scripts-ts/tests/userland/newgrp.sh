exec 2>&1
newgrp --help; doas addgroup -g 2000 staff > /dev/null
echo id | newgrp staff; echo $?; doas adduser player staff; echo 'id; echo $KEPT' > s; export KEPT=yes; newgrp staff < s; newgrp 2000 < s; newgrp < s; newgrp - staff < s; newgrp none; echo $?; newgrp a b; echo $?
