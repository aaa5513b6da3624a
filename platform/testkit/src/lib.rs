//! khaacho-testkit
