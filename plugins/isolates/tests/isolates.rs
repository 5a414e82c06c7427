//! Everything that runs V8, in one binary with its own `main`: it takes the child role where it has one, then sets V8
//! up, and only then starts threads.

mod suite;

fn main() {
    helios_isolates::maybe_run_child_role();
    if suite::run_bare_role() {
        return;
    }
    helios_isolates::initialize();
    let mut arguments = libtest_mimic::Arguments::from_args();
    // Each test has a host with threads or children of its own: two at a time are enough for a small machine.
    arguments.test_threads.get_or_insert(2);
    libtest_mimic::run(&arguments, suite::all()).exit();
}
