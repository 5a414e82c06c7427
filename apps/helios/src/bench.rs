//! Measurements of `helios bench`: what each one does, in which unit, and the figure it should keep.
//!
//! A measurement runs as often as asked and answers its median: the machine is noisy, and no test depends on any of it.

mod compile;
mod isolates;
mod life;
mod net;
mod unix;
mod world;

use serde::Serialize;

use crate::args::HostKind;
use crate::sim::HostChoice;

const THREADS: HostChoice = HostChoice {
    kind: HostKind::Threads,
    workers: 2,
    live_max: None,
};
/// Children are what somebody's world runs in.
const CHILDREN: HostChoice = HostChoice {
    kind: HostKind::Children,
    workers: 2,
    live_max: None,
};

/// Which way a figure's bound points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// At most this.
    AtMost(f64),
    /// At least this.
    AtLeast(f64),
    /// No bound: a figure for comparison.
    Free,
}

/// One measured figure.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// The median of the samples.
    pub median: f64,
    /// The smallest and the largest sample.
    pub range: (f64, f64),
    /// Its unit.
    pub unit: &'static str,
    /// What it should keep.
    pub bound: Bound,
}

impl Figure {
    /// Whether the median keeps the bound.
    #[must_use]
    pub fn kept(&self) -> bool {
        match self.bound {
            Bound::AtMost(most) => self.median <= most,
            Bound::AtLeast(least) => self.median >= least,
            Bound::Free => true,
        }
    }
}

/// A group of figures that are measured together.
pub struct Measurement {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it measures.
    pub about: &'static str,
    /// Takes it, with so many samples.
    pub run: fn(u16) -> Vec<Figure>,
}

/// Measurements of many minutes, taken only where they are named.
pub const LONG: &[&str] = &["sleep-20k"];

/// Every measurement.
#[must_use]
pub fn all() -> Vec<Measurement> {
    let mut all = compile::measurements();
    all.extend(isolates::measurements());
    all.extend(world::measurements());
    all.push(life::measurement());
    all.push(life::sleeping());
    all.push(life::sleeping_many());
    all.push(unix::measurement());
    all.push(net::measurement());
    all
}

/// Takes `samples` samples and makes a figure of them.
pub(crate) fn sample(
    name: impl Into<String>,
    unit: &'static str,
    bound: Bound,
    samples: u16,
    mut take: impl FnMut() -> f64,
) -> Figure {
    let taken = (0..samples.max(1)).map(|_| take()).collect();
    figure(name, unit, bound, taken)
}

/// Makes a figure of samples.
pub(crate) fn figure(name: impl Into<String>, unit: &'static str, bound: Bound, mut samples: Vec<f64>) -> Figure {
    samples.sort_by(f64::total_cmp);
    let median = samples[samples.len() / 2];
    Figure {
        name: name.into(),
        median,
        range: (samples[0], samples[samples.len() - 1]),
        unit,
        bound,
    }
}

/// Milliseconds that `work` takes. The only clock of the command line: it measures the host and never reaches a world.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures the host's time")]
pub(crate) fn milliseconds(work: impl FnOnce()) -> f64 {
    let start = std::time::Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_the_median_of_its_samples() {
        let figure = figure("x", "ms", Bound::AtMost(2.0), vec![9.0, 1.0, 2.0]);
        assert!((figure.median - 2.0).abs() < f64::EPSILON && figure.kept());
        assert!(
            !Figure {
                bound: Bound::AtLeast(3.0),
                ..figure
            }
            .kept()
        );
    }
}
