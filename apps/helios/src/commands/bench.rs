//! `helios bench`.

use crate::args::BenchArgs;
use crate::bench::{Bound, Figure, LONG, all};
use crate::error::{Failure, Outcome};

/// Runs the command.
///
/// # Errors
/// If a name is unknown.
pub(super) fn bench(args: &BenchArgs) -> Outcome {
    let all = all();
    if args.list {
        for measurement in &all {
            println!("{:<12} {}", measurement.name, measurement.about);
        }
        return Ok(0);
    }
    if let Some(unknown) = args
        .names
        .iter()
        .find(|name| all.iter().all(|known| known.name != *name))
    {
        return Err(Failure::usage(format!(
            "there is no measurement named {unknown:?}: `helios bench --list` names them"
        )));
    }
    let chosen = all.iter().filter(|measurement| match args.names.as_slice() {
        [] => !LONG.contains(&measurement.name),
        names => names.iter().any(|name| name == measurement.name),
    });
    if !args.json {
        println!("{:<46} {:>12} {:<6} {:>24}  bound", "figure", "median", "unit", "range");
    }
    for measurement in chosen {
        for figure in (measurement.run)(args.samples) {
            print(&figure, args.json);
        }
    }
    Ok(0)
}

fn print(figure: &Figure, json: bool) {
    if json {
        println!("{}", serde_json::to_string(figure).expect("a figure is JSON"));
        return;
    }
    let bound = match figure.bound {
        Bound::AtMost(most) => format!("at most {most}"),
        Bound::AtLeast(least) => format!("at least {least}"),
        Bound::Free => String::new(),
    };
    let mark = if figure.kept() { "" } else { "  MISSED" };
    let range = format!("{:.3} … {:.3}", figure.range.0, figure.range.1);
    println!(
        "{:<46} {:>12.3} {:<6} {range:>24}  {bound}{mark}",
        figure.name, figure.median, figure.unit
    );
}
