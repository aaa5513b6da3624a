use super::table::Found;
