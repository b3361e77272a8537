//! Captions: SubRip (SRT) and WebVTT (<https://www.w3.org/TR/webvtt1/>). They are read whole, so
//! that a network does not refuse at the hour of publishing what can be told today.

use super::fault::Fault;

/// Bytes of a captions file: a whole day of talk is less.
pub const MAX_BYTES: u64 = 10 << 20;

/// Reads all cues. Answers the milliseconds at which the last one ends.
pub fn check(mime: &str, file: &[u8]) -> Result<u64, Fault> {
    let text = std::str::from_utf8(file)
        .map_err(|_| Fault::unusable("is not saved as UTF-8. Save it again with this encoding."))?;
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let is_vtt = mime == "text/vtt";
    let mut end = None;
    for block in text.replace('\r', "\n").split("\n\n") {
        let block = block.trim_matches('\n');
        let Some(times) = block.lines().take(2).find(|line| line.contains("-->")) else {
            // In WebVTT, a header, a note or a style; in SubRip, blank lines within a text.
            continue;
        };
        let Some((from, to)) = cue(times, is_vtt) else {
            return Err(Fault::unusable(
                "has a line of times that can't be read. In SRT they look like \
                 00:00:01,500 --> 00:00:04,000, in WebVTT like 00:00:01.500 --> 00:00:04.000.",
            ));
        };
        if from >= to {
            return Err(Fault::unusable(
                "has a caption that ends before it begins. Correct its times and upload it again.",
            ));
        }
        end = end.max(Some(to));
    }
    end.ok_or(Fault::unusable("holds no captions."))
}

/// Whether a text begins like captions of this kind.
pub fn begins(text: &str, is_vtt: bool) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    if is_vtt {
        return text
            .strip_prefix("WEBVTT")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']));
    }
    let mut lines = text
        .lines()
        .map(str::trim)
        .skip_while(|line| line.is_empty());
    let is_number = lines
        .next()
        .is_some_and(|line| !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit()));
    is_number && lines.next().is_some_and(|line| line.contains("-->"))
}

/// The times of a cue in milliseconds.
fn cue(line: &str, is_vtt: bool) -> Option<(u64, u64)> {
    let (from, to) = line.split_once("-->")?;
    // Settings may follow the second time.
    let to = to.split_whitespace().next()?;
    Some((time(from.trim(), is_vtt)?, time(to, is_vtt)?))
}

/// `01:02:03,004`, in WebVTT with a point and perhaps without the hours.
fn time(text: &str, is_vtt: bool) -> Option<u64> {
    let (clock, millis) = text.split_once(if is_vtt { '.' } else { ',' })?;
    let digits = |text: &str| -> Option<u64> {
        let is_number = (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| text.parse().ok()).flatten()
    };
    let parts: Vec<_> = clock.split(':').map(digits).collect::<Option<_>>()?;
    let (hours, minutes, seconds) = match parts[..] {
        [hours, minutes, seconds] => (hours, minutes, seconds),
        [minutes, seconds] if is_vtt => (0, minutes, seconds),
        _ => return None,
    };
    let is_clock = minutes < 60 && seconds < 60 && millis.len() == 3;
    is_clock.then_some(((hours * 60 + minutes) * 60 + seconds) * 1_000 + digits(millis)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SRT: &str = "1\r\n00:00:01,000 --> 00:00:02,500\r\nHello\r\n\r\n2\r\n01:00:03,000 --> 01:00:04,000 X1:1\r\nGrüße\r\n- two lines\r\n";
    const VTT: &str = "WEBVTT - talk\n\nNOTE made by hand\n\nSTYLE\n::cue { color: red }\n\nintro\n00:01.000 --> 00:02.500 align:start\nHello\n\n00:00:03.000 --> 00:00:04.000\nthere\n";

    #[test]
    fn captions_are_read_to_their_end() {
        assert_eq!(check("application/x-subrip", SRT.as_bytes()), Ok(3_604_000));
        assert_eq!(check("text/vtt", VTT.as_bytes()), Ok(4_000));
        assert!(begins(SRT, false) && begins(&format!("\u{feff}{VTT}"), true));
        assert!(!begins(VTT, false) && !begins("WEBVTTX", true) && !begins("1\nhello", false));
    }

    #[test]
    fn what_a_network_would_refuse_is_told() {
        let srt = |text: &str| check("application/x-subrip", text.as_bytes()).unwrap_err();
        for (text, words) in [
            ("1\n00:00:01.000 --> 00:00:02.000\nx", "can't be read"),
            ("1\n00:00:61,000 --> 00:02:02,000\nx", "can't be read"),
            (
                "1\n00:00:03,000 --> 00:00:02,000\nx",
                "ends before it begins",
            ),
            ("1\nhello", "holds no captions"),
        ] {
            let Fault::Unusable(message) = srt(text) else {
                panic!("{text}")
            };
            assert!(message.contains(words), "{message}");
        }
        let latin = b"1\n00:00:01,000 --> 00:00:02,000\nGr\xfc\xdfe";
        let fault = check("application/x-subrip", latin).unwrap_err();
        assert!(matches!(fault, Fault::Unusable(words) if words.contains("UTF-8")));
    }

    proptest! {
        #[test]
        fn no_file_makes_it_stumble(text in "[0-9:.,> \n-]{0,80}|\\PC{0,40}") {
            for mime in ["text/vtt", "application/x-subrip"] {
                let _ = check(mime, text.as_bytes());
            }
            let _ = (begins(&text, true), begins(&text, false));
        }
    }
}
