//! Rows of the contract views.

mod credit;
mod orders;
mod others;

pub use credit::{Account, AccountEvent, Allocation, Entry, Hold, Invoice, Line, Payment};
pub use orders::{Assignment, Inbound, Order, OrderLine, OrderStatus};
pub use others::{Attempt, Idem, Job, Notice, Reservation, ReservationLine, Stock, StockEvent};
