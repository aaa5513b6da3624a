//! khaacho-order
