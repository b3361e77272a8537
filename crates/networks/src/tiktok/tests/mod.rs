//! The connector against the sandbox, over HTTP.
