//! khaacho-credit
