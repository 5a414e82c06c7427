//! The native client: the room of terminals, windows and the living network.
//!
//! The room is empty for now, and so is the renderer's place in the dependency tree. What belongs here reads the world
//! and writes commands to its log: it may read every plugin, and no plugin knows it.
