//! Isolates: what they cost to start, keep and talk to, with both hosts; and what metering costs.

use helios_abi::host::IsolateHost;
use helios_isolates::bench;
use helios_isolates::{ChildConfig, ChildHost, ThreadConfig, ThreadHost};

use super::{Bound, Figure, Measurement, figure};

pub(super) fn measurements() -> Vec<Measurement> {
    vec![
        Measurement {
            name: "isolates",
            about: "spawn, memory, round trips and calls a second, with both hosts",
            run: isolates,
        },
        Measurement {
            name: "gas",
            about: "metered code over unmetered, at the same tier",
            run: gas,
        },
    ]
}

/// What a kind of host should keep.
struct Bounds {
    round_trip_us: f64,
    sequential_per_s: f64,
}

fn isolates(samples: u16) -> Vec<Figure> {
    let mut threads = ThreadHost::new(ThreadConfig::workers(1));
    let mut figures = host(
        "threads",
        &mut threads,
        &[],
        samples,
        &Bounds {
            round_trip_us: 10.0,
            sequential_per_s: 50_000.0,
        },
    );
    drop(threads);
    let config = ChildConfig {
        children: 1,
        ..ChildConfig::default()
    };
    let mut children = ChildHost::new(config).expect("the children start");
    let pids = children.pids();
    figures.extend(host(
        "children",
        &mut children,
        &pids,
        samples,
        &Bounds {
            round_trip_us: 30.0,
            sequential_per_s: 25_000.0,
        },
    ));
    figures
}

fn host(kind: &str, host: &mut dyn IsolateHost, pids: &[u32], samples: u16, bounds: &Bounds) -> Vec<Figure> {
    // Once, and first: later processes live in memory that earlier ones gave back, and seem to cost nothing.
    let resident = bench::idle_rss(host, 200, pids) / 1e6;
    let name = format!("live idle process, resident, {kind}");
    let resident = figure(name, "MB", Bound::AtMost(1.5), vec![resident]);
    let mut take = |name: &str, unit, bound, measure: fn(&mut dyn IsolateHost, &[u32]) -> f64| {
        let taken = (0..samples.max(1)).map(|_| measure(host, pids)).collect();
        figure(format!("{name}, {kind}"), unit, bound, taken)
    };
    vec![
        resident,
        take(
            "spawn to first call, warm program",
            "ms",
            Bound::AtMost(2.0),
            |host, _| bench::spawn_to_first_call(host, 60),
        ),
        take(
            "grant/batch round trip",
            "µs",
            Bound::AtMost(bounds.round_trip_us),
            |host, _| bench::round_trip(host, 10_000),
        ),
        take("park and resume", "µs", Bound::AtMost(15.0), |host, _| {
            bench::park_resume(host, 10_000)
        }),
        take(
            "sequential calls",
            "/s",
            Bound::AtLeast(bounds.sequential_per_s),
            |host, _| bench::sequential_calls(host, 20_000),
        ),
        take(
            "calls with 64 outstanding",
            "/s",
            Bound::AtLeast(200_000.0),
            |host, _| bench::outstanding_calls(host, 2_000),
        ),
    ]
}

fn gas(samples: u16) -> Vec<Figure> {
    let taken: Vec<Vec<(&str, f64)>> = (0..samples.max(1)).map(|_| bench::gas_overhead(3)).collect();
    let Some(first) = taken.first() else { return Vec::new() };
    let tightest = first.len() - 1;
    let of = |index: usize| taken.iter().map(|run| run[index].1).collect();
    let mut figures: Vec<Figure> = (0..first.len())
        .map(|index| {
            let bound = if index == tightest {
                Bound::AtMost(2.2)
            } else {
                Bound::Free
            };
            figure(format!("metering, {}", first[index].0), "x", bound, of(index))
        })
        .collect();
    // The median of the ordinary programs: one program that does little but one metered thing does not speak for them.
    let mean = |run: &Vec<(&str, f64)>| {
        let mut ordinary: Vec<f64> = run[..tightest].iter().map(|(_, factor)| *factor).collect();
        ordinary.sort_by(f64::total_cmp);
        ordinary[ordinary.len() / 2]
    };
    figures.push(figure(
        "metering, ordinary programs (median)",
        "x",
        Bound::AtMost(1.6),
        taken.iter().map(mean).collect(),
    ));
    figures
}
