exec 2>&1
mkdir -p /tmp/tar; cd /tmp/tar; echo x > f
tar; echo $?; tar cf e.tar; echo $?; tar -ctf x; echo $?; tar cf; echo $?; tar --zz; echo $?; tar --strip-components=x -xf f; echo $?
tar --owner=root --group=0 -cf o.tar f; tar tvf o.tar | cut -c 1-20; tar cvvf p.tar f | cut -c 1-10
mkdir d; cp f d/g; tar cf - /tmp/tar/d | tar tf -; tar cPf abs.tar /tmp/tar/d; rm -r d; tar xPf abs.tar; ls d; tar xf abs.tar; ls tmp/tar
tar --help | head -n 5
cd /; rm -r /tmp/tar
