//! Through the front door.
