# Programs on the path: the first, all, plain files and directories in the way.
exec 2>&1
mkdir one two three three/prog; printf '#!/bin/sh\necho one\n' > one/prog; printf '#!/bin/sh\necho two\n' > two/prog
: > one/plain; chmod 755 one/prog two/prog
p() { PATH=$1 /bin/sh -c 'shift; '"$(type -P which)"' "$@"; echo "= $?"' sh x "${@:2}"; }
W=$PWD; q() { (PATH=$1:$PATH; shift; which "$@"; echo "= $?") | sed "s|$W|W|"; }
q one:two prog; q two:one prog; q one:two -a prog; q three:one prog; q one plain; q two:one prog gone; q one gone
q $W/two prog; q one ./one/prog; q one one/prog; q one one/plain; q one /gone; q one; q one ''; q one:one -a prog
q one -a gone prog
