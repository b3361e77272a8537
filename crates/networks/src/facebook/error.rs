//! What Facebook's refusals mean: *Page Videos: error codes*, *Reels publishing: error codes*,
//! *Handling errors* (September 2026). Graph's own codes are in [`crate::meta`].

use crate::{
    descriptor::{KnownError, known},
    error::ErrorKind::{Reconnect, Refused, Temporary},
};

const BAD_VIDEO: &str =
    "Facebook can't use this video. Please attach an MP4 with H.264 video and AAC sound.";

/// By code, or by code and subcode.
pub(super) static TABLE: &[KnownError] = &[
    known(
        "190/2069032",
        Reconnect,
        "AllIN has no access to this Page itself. Please connect the account again.",
    ),
    known(
        "210",
        Reconnect,
        "Facebook does not let AllIN see this Page. Please connect the account again.",
    ),
    known(
        "324",
        Refused,
        "Facebook can't use an image. Please attach a JPEG, PNG or GIF with less than 10 MB.",
    ),
    known("352", Refused, BAD_VIDEO),
    known(
        "382",
        Refused,
        "The video is too small for Facebook. Please attach a longer or larger one.",
    ),
    known(
        "389",
        Refused,
        "Facebook could not download the video. Please attach it again.",
    ),
    known(
        "506",
        Refused,
        "Facebook does not publish the same post twice in a row. Please change the text, or delete the earlier post.",
    ),
    known("6000", Refused, BAD_VIDEO),
    known(
        "6000/1363030",
        Temporary,
        "The video did not reach Facebook whole. AllIN sends it again.",
    ),
    known(
        "6001",
        Temporary,
        "Facebook did not take the video. AllIN tries again.",
    ),
    known(
        "1363040",
        Refused,
        "Facebook takes videos between 16:9 (wide) and 9:16 (tall). Please attach one of another shape.",
    ),
    known(
        "1363127",
        Refused,
        "The video has too few pixels. A reel needs at least 540 × 960.",
    ),
    known(
        "1363128",
        Refused,
        "A reel must be between 3 and 90 seconds long. Please attach another video.",
    ),
    known(
        "1363129",
        Refused,
        "A reel must have between 24 and 60 pictures a second. Please attach another video.",
    ),
    known(
        "1609005",
        Refused,
        "Facebook can't read the link. Please check the address.",
    ),
];
