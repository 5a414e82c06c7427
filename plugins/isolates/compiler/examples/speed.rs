//! Milliseconds per 1,000 lines, everything included: `cargo run --release -p helios_compiler --example speed`.

#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn main() {
    let source = helios_compiler::generate::sample(1_000);
    let lines = source.lines().count() as f64 / 1_000.0;
    let mut times: Vec<f64> = (0..51)
        .map(|_| {
            let start = std::time::Instant::now();
            helios_compiler::compile(&source, &helios_compiler::CompileOptions::default())
                .expect("the sample compiles");
            start.elapsed().as_secs_f64() * 1_000.0 / lines
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "{:.2} ms per 1,000 lines (median of {})",
        times[times.len() / 2],
        times.len()
    );
}
