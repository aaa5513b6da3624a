//! khaacho-e2e
