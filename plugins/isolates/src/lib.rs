//! V8 isolates behind the grant/batch contract: worker threads, child processes, journal rebuild, limits.
