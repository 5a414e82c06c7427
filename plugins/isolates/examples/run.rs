//! Runs one TypeScript file on the small machine of `helios_isolates::testing` and prints its transcript.

fn main() {
    helios_isolates::initialize();
    let path = std::env::args().nth(1).expect("usage: run FILE.ts");
    let source = std::fs::read_to_string(&path).expect("the file can be read");
    let transcript = helios_isolates::testing::run_source(&source);
    print!("{transcript}");
    eprintln!("gas {}, slices {}", transcript.gas, transcript.slices);
}
