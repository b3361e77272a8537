//! What Instagram's refusals mean: *Error codes* of the Instagram Platform (2 June 2026). Graph's
//! own codes are in [`crate::meta`].

use crate::{
    descriptor::{KnownError, known},
    error::ErrorKind::{RateLimited, Refused, Temporary},
    meta::limit,
};

pub(super) const LIMIT_REACHED: &str = "The account has published as many posts within a day as Instagram allows programs to. AllIN tries again later.";
const OWN_PROBLEM: &str = "Instagram has a problem of its own at the moment.";
const EXPIRED: &str = "Instagram keeps a prepared post for one day, and that day is over. Please publish the post again.";

/// By code and subcode.
pub(super) static TABLE: &[KnownError] = &[
    known(
        "-2/2207003",
        Temporary,
        "Instagram took too long to download a file. AllIN tries again.",
    ),
    known("-2/2207020", Refused, EXPIRED),
    known("-1/2207001", Temporary, OWN_PROBLEM),
    known("-1/2207032", Temporary, OWN_PROBLEM),
    known("-1/2207053", Temporary, OWN_PROBLEM),
    known(
        "-1/2207073",
        Refused,
        "Instagram lets programs delete posts, reels and stories, and nothing else. Please delete this in the Instagram app.",
    ),
    known(
        "1/2207057",
        Refused,
        "The moment for the cover lies outside the video. Please choose an earlier one.",
    ),
    known(
        "4/2207051",
        Refused,
        "Instagram takes this for spam and did not publish it. Please change the post, or look into the account in the Instagram app.",
    ),
    known("9/2207042", RateLimited, LIMIT_REACHED).after(limit::PAUSE),
    known(
        "24/2207006",
        Refused,
        "Instagram no longer has a file that was prepared. Please publish the post again.",
    ),
    known("24/2207008", Refused, EXPIRED),
    known(
        "25/2207050",
        Refused,
        "Instagram has restricted this account. Please open the Instagram app, do what it asks for, and publish again.",
    ),
    known(
        "100/2207023",
        Refused,
        "Instagram does not know this kind of post. Please choose another format.",
    ),
    known(
        "100/2207028",
        Refused,
        "A carousel needs at least 2 and takes at most 10 files. Please change the files.",
    ),
    known(
        "100/2207040",
        Refused,
        "The post mentions more than 20 accounts. Please remove some.",
    ),
    known(
        "352/2207026",
        Refused,
        "Instagram can't use this video. Please attach an MP4 or MOV with H.264 video and AAC sound, at least 3 seconds long.",
    ),
    known(
        "9004/2207052",
        Refused,
        "Instagram could not download a file from AllIN. It can only do that where AllIN is reached from the internet: please ask your administrator to check server.public_url.",
    ),
    known(
        "9007/2207027",
        Temporary,
        "Instagram is still processing the post. AllIN tries again shortly.",
    ),
    known(
        "36000/2207004",
        Refused,
        "An image has more than 8 MB. Please attach a smaller one.",
    ),
    known(
        "36001/2207005",
        Refused,
        "Instagram takes JPEG images only, and this is none. Please attach another one.",
    ),
    known(
        "36003/2207009",
        Refused,
        "Instagram takes images between 4:5 (upright) and 1.91:1 (wide). Please crop the image.",
    ),
    known(
        "36004/2207010",
        Refused,
        "The caption is too long: Instagram takes 2,200 characters, 30 hashtags and 20 mentions.",
    ),
];

/// What the subcode of a container's status means.
pub(super) fn of_container(status: &str) -> Option<&'static KnownError> {
    let subcode = status
        .split(|c: char| !c.is_ascii_digit())
        .find(|digits| digits.len() == 7)?;
    TABLE.iter().find(|known| {
        known
            .code
            .split_once('/')
            .is_some_and(|(_, of)| of == subcode)
    })
}
