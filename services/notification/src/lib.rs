//! khaacho-notification
