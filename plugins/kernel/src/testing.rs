//! Tests' machinery.
