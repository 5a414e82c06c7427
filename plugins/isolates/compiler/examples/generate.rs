//! Prints the generated program of a seed: `cargo run -p helios_compiler --example generate -- SEED`.

fn main() {
    let seed = std::env::args().nth(1).and_then(|seed| seed.parse().ok()).unwrap_or(0);
    print!("{}", helios_compiler::generate::program(seed));
}
