//! Scenarios over the whole stack: simulated machines, real isolates, both hosts.

mod cases;
mod commands;
mod crowds;
mod golden;
mod hostile;
mod life;
mod loads;
mod matrix;
mod milestones;
mod saves;
mod slots;

use libtest_mimic::{Arguments, Trial};

fn main() {
    // The order is V8's: a child's role first, then V8 itself, then threads.
    helios_isolates::maybe_run_child_role();
    helios_isolates::initialize();
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = Vec::new();
    trials.extend(milestones::trials());
    trials.extend(matrix::trials());
    trials.extend(hostile::trials());
    trials.extend(crowds::trials());
    trials.extend(loads::trials());
    trials.extend(life::trials());
    trials.extend(saves::trials());
    trials.extend(slots::trials());
    trials.extend(cases::trials());
    trials.extend(commands::trials());
    libtest_mimic::run(&arguments, trials).exit();
}

/// Makes a test of a function that panics when it fails.
fn trial(name: impl Into<String>, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}
