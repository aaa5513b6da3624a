//! khaacho
