gzip -c "$IN"; gzip -dc "$IN"
