# Prime numbers up to a limit.
limit=${1:-100}
composite=()
for ((i = 2; i * i <= limit; i++)); do
	[[ ${composite[i]} ]] && continue
	for ((j = i * i; j <= limit; j += i)); do composite[j]=1; done
done
primes=()
for ((i = 2; i <= limit; i++)); do
	[[ ${composite[i]} ]] || primes+=($i)
done
echo "${primes[@]}"
echo "${#primes[@]} primes up to $limit, the last ${primes[-1]}"
