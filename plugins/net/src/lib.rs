//! Wire formats, links and host stacks.
