//! The engine's log on standard error.

use tracing_subscriber::EnvFilter;

/// Shows log lines that pass `filter`; without one, warnings and errors.
pub fn start(filter: Option<&str>) {
    let filter = EnvFilter::try_new(filter.unwrap_or("warn")).unwrap_or_else(|error| {
        eprintln!("helios: ignoring the log filter: {error}");
        EnvFilter::new("warn")
    });
    // No time stamps: two runs print the same lines.
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .without_time()
        .with_writer(std::io::stderr);
    if subscriber.try_init().is_err() {
        eprintln!("helios: a log subscriber is already in place");
    }
}
