newgrp - < "$IN"
