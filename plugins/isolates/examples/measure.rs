//! Prints the measurements of `helios_isolates::bench` with both hosts.

use helios_isolates::bench;
use helios_isolates::{ChildConfig, ChildHost, ThreadConfig, ThreadHost};

/// The middle one of the ordinary programs' factors.
fn ordinary(gas: &[(&'static str, f64)]) -> f64 {
    let mut factors: Vec<f64> = gas
        .iter()
        .filter(|(name, _)| *name != "tight")
        .map(|(_, factor)| *factor)
        .collect();
    factors.sort_by(f64::total_cmp);
    factors[factors.len() / 2]
}

fn main() {
    helios_isolates::maybe_run_child_role();
    helios_isolates::initialize();
    let gas = bench::gas_overhead(5);
    for (name, factor) in &gas {
        println!("gas {name}: {factor:.2}x");
    }
    println!("gas, ordinary programs: {:.2}x (median)", ordinary(&gas));
    let mut threads = ThreadHost::new(ThreadConfig::workers(1));
    let config = ChildConfig {
        children: 1,
        ..ChildConfig::default()
    };
    let mut children = ChildHost::new(config).expect("children start");
    let pids = children.pids();
    let hosts: [(&str, &mut dyn helios_abi::host::IsolateHost, &[u32]); 2] =
        [("threads", &mut threads, &[]), ("children", &mut children, &pids)];
    for (name, host, pids) in hosts {
        let cpu = bench::process_cpu_seconds();
        println!(
            "{name}: spawn to first call {:.2} ms",
            bench::spawn_to_first_call(host, 100)
        );
        println!(
            "  (CPU of this process for each, with the end: {:.2} ms)",
            (bench::process_cpu_seconds() - cpu) * 10.0
        );
        println!("{name}: idle process {:.2} MB", bench::idle_rss(host, 100, pids) / 1e6);
        let cpu = bench::process_cpu_seconds();
        println!("{name}: round trip {:.1} us", bench::round_trip(host, 20_000));
        println!(
            "  (CPU of this process for each: {:.1} us)",
            (bench::process_cpu_seconds() - cpu) * 1e6 / 22_000.0
        );
        println!("{name}: park and resume {:.1} us", bench::park_resume(host, 20_000));
        println!(
            "{name}: sequential calls {:.0}/s",
            bench::sequential_calls(host, 20_000)
        );
        println!("{name}: 64 outstanding {:.0}/s", bench::outstanding_calls(host, 1_000));
    }
}
