//! Scenarios, milestones, determinism and conformance.
