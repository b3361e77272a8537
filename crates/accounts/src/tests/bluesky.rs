//! Bluesky, against a real server.
