//! What a frame holds, layer by layer, for whoever shows it.
