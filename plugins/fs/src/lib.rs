//! Inodes, directories, permissions and the program loader.
