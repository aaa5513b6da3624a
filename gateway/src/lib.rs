//! khaacho-gateway
