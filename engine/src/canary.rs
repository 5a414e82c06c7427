//! Faults to inject, so that the determinism tests can show that each would be caught.
