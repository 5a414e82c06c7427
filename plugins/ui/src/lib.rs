//! The native client's room.
