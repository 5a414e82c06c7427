seq "$IN"; seq 100000
