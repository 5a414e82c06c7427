# What files are, by what they hold.
exec 2>&1
p() { printf "$2" > $1; file $1; }
p a 'hello\n'; p b 'no newline'; p c ''; p d '\n'; p e 'crlf\r\nlines\r\n'; p f 'mac\rlines\r'; p g 'mixed\r\nand\n'
p h 'gr\303\274n\n'; p i 'gr\374n\n'; p j '\357\273\277bom\n'; p k 'esc \033[1m\n'; p l '\001\002\003\004\n'
p m '#!/bin/sh\necho\n'; p n '#!/usr/bin/env python3\n'; p o '#! /bin/bash\n'
p q 'BZh91AY'; p r '%%PDF-1.4\n'
head -c 1000 /dev/zero | tr '\0' x > long; file long; { head -c 600 /dev/zero | tr '\0' y; echo; } > long2; file long2
