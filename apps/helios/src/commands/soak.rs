//! `helios soak`.

use serde_json::json;

use crate::args::SoakArgs;
use crate::error::Outcome;
use crate::soak::{HOSTS, run};

/// Runs the command. Status 1 if any seed's runs differ.
///
/// # Errors
/// Never: a difference is reported and the next seed is run.
pub(super) fn soak(args: &SoakArgs) -> Outcome {
    let mut failed = 0;
    for seed in args.from..args.from.saturating_add(args.seeds) {
        let result = run(seed, args.ticks, HOSTS.0, HOSTS.1);
        failed += u64::from(result.is_err());
        match (result, args.json) {
            (Ok(agreement), true) => println!(
                "{}",
                json!({ "seed": seed, "ok": true, "end": agreement.end, "hash": agreement.hash })
            ),
            (Err(failure), true) => println!("{}", json!({ "seed": seed, "ok": false, "error": failure.message })),
            (Ok(agreement), false) => println!("seed {seed}: {} ticks agree, hash {}", agreement.end, agreement.hash),
            (Err(failure), false) => println!("{failure}"),
        }
    }
    if !args.json {
        println!("{} seeds, {failed} failed", args.seeds);
    }
    Ok(u8::from(failed > 0))
}
