//! Files made to fit.
