//! TCP against scripts, against itself, against smoltcp, against the equations, and against those who mean it ill.

#[path = "tcp/link.rs"]
mod link;
#[path = "tcp/pairs.rs"]
mod pairs;
#[path = "tcp/random.rs"]
mod random;
#[path = "tcp/sim.rs"]
mod sim;
