//! What every route shares.
//!
//! | name | what it is for |
//! |---|---|
//! | [`Json`], [`Path`], [`Query`] | read a request; what can't be read becomes a [`Problem`](kernel::Problem) that names the field |
//! | [`Authenticated`], [`ClientIp`], [`RequestId`] | what the gateway's middleware found out about the request |
//! | [`Failure`], [`Result`] | a handler's error: any problem, or anything that turns into one |
//! | [`ProblemResponses`] | the same in the API's documentation |
//! | [`text`] | the character that no text may hold |
//! | [`render_problems`] | the middleware that writes the error body and logs what an operator needs |

mod extract;
mod failure;
#[cfg(test)]
mod tests;
pub mod text;

pub use extract::{Authenticated, ClientIp, Json, Path, Query, RequestId};
pub use failure::{
    ErrorBody, ErrorDetail, ErrorDetails, Failure, ProblemResponses, Result, render_problems,
};
