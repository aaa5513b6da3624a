//! The service through its RPCs, on a real PostgreSQL.

mod aliases;
mod catalogue;
mod lifecycle_of_a_reservation;
mod orphans;
mod quote_lines;
mod replace;
mod reserve;
mod scope;
mod statements;
mod stock;
mod vendors;
mod world;
