man -k . "$IN"; man "$IN"
