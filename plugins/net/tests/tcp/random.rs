//! Numbers that a seed determines, the same on every machine (SplitMix64).

/// A stream of numbers.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut random = Self(seed ^ stream.wrapping_mul(0xd6e8_feb8_6659_fd93));
        random.next();
        random
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }

    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// Whether something happens that happens `millionths` times in a million.
    pub(crate) fn happens(&mut self, millionths: u64) -> bool {
        self.below(1_000_000) < millionths
    }

    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize].clone()
    }
}

/// Says which seed it was, should its run panic wherever it may.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("to see it again: HELIOS_FIRST_SEED={} HELIOS_SEEDS=1", self.0);
        }
    }
}

/// Runs a test for `count` seeds, or as many as `HELIOS_SEEDS` says, from `HELIOS_FIRST_SEED` on.
pub(crate) fn each_seed(count: u64, test: impl Fn(u64)) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let first = number("HELIOS_FIRST_SEED").unwrap_or(0);
    for seed in first..first + number("HELIOS_SEEDS").unwrap_or(count) {
        let named = Named(seed);
        test(seed);
        drop(named);
    }
}
