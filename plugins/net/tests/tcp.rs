//! TCP against scripts, against itself, against smoltcp, against the equations, and against those who mean it ill.

#[path = "tcp/hostile.rs"]
mod hostile;
#[path = "tcp/link.rs"]
mod link;
#[path = "tcp/pairs.rs"]
mod pairs;
#[path = "tcp/random.rs"]
mod random;
#[path = "tcp/rates.rs"]
mod rates;
#[path = "tcp/runner.rs"]
mod runner;
#[path = "tcp/script.rs"]
mod script;
#[path = "tcp/sim.rs"]
mod sim;
#[path = "tcp/smol.rs"]
mod smol;
