//! khaacho-inventory
