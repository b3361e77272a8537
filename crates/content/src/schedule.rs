//! From a time on somebody's wall to an instant.
//!
//! Where clocks are put forward, an hour of local times does not exist: such a time is refused,
//! with the time that comes closest. Where they are put back, an hour comes twice: the earlier
//! one is taken, and the answer says so.

use jiff::{
    civil::DateTime,
    tz::{AmbiguousOffset, TimeZone},
};
use kernel::{Code, FieldProblem, Problem, Timestamp};
use serde_json::json;

/// An instant, and what there is to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The instant.
    pub at: Timestamp,
    /// Which of two possible instants was taken, where the local time comes twice.
    pub note: Option<String>,
}

/// Finds the instant of a local time such as `2026-11-22T09:00` in an IANA time zone.
///
/// Fails with [`Code::ValidationFailed`]: `malformed_local_time`, `unknown_time_zone`, or
/// `nonexistent_local_time`, whose `details.suggestion` is the local time right after the gap.
pub fn resolve(local: &str, time_zone: &str) -> Result<Resolved, Problem> {
    let zone = zone(time_zone)?;
    let civil = parse_local(local)?;
    let ambiguous = zone.to_ambiguous_timestamp(civil);
    let too_far = |_| malformed();
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => {
            let at = ambiguous.unambiguous().map_err(too_far)?.into();
            Ok(Resolved { at, note: None })
        }
        AmbiguousOffset::Fold { .. } => {
            let at = ambiguous.earlier().map_err(too_far)?;
            let note = format!(
                "The clocks in {time_zone} are put back then, so {} comes twice that day. \
                 The first of the two was taken ({at}).",
                civil.strftime("%H:%M"),
            );
            Ok(Resolved {
                at: at.into(),
                note: Some(note),
            })
        }
        AmbiguousOffset::Gap { .. } => {
            // "Later" reads the time with the offset from before the gap: that is as long after
            // the gap's end as the person meant it to be after the gap's start.
            let suggestion = ambiguous
                .later()
                .map_err(too_far)?
                .to_zoned(zone)
                .datetime();
            let suggestion = suggestion.strftime("%Y-%m-%dT%H:%M").to_string();
            let message = format!(
                "{} does not exist in {time_zone}: the clocks are put forward then. Choose another time, such as {suggestion}.",
                civil.strftime("%Y-%m-%d %H:%M"),
            );
            let fields = [FieldProblem::new(
                "scheduledLocal",
                "nonexistent_local_time",
                message.clone(),
            )];
            Err(Problem::new(Code::ValidationFailed, message)
                .with_details(json!({ "fields": fields, "suggestion": suggestion })))
        }
    }
}

/// Fails with [`Code::ValidationFailed`] `schedule_in_past` unless `at` is after `now`.
pub fn check_future(at: Timestamp, now: Timestamp) -> Result<(), Problem> {
    if at > now {
        return Ok(());
    }
    Err(Problem::field(
        "scheduledAt",
        "schedule_in_past",
        "This time has passed. Choose a later one, or publish now.",
    ))
}

/// Fails with [`Code::ValidationFailed`] `unknown_time_zone` unless the IANA zone exists.
pub fn check_zone(time_zone: &str) -> Result<(), Problem> {
    zone(time_zone).map(drop)
}

fn zone(name: &str) -> Result<TimeZone, Problem> {
    TimeZone::get(name).map_err(|_| {
        Problem::field(
            "timeZone",
            "unknown_time_zone",
            "There is no such time zone. Use a name such as Europe/Berlin or America/New_York.",
        )
    })
}

fn parse_local(text: &str) -> Result<DateTime, Problem> {
    // An offset would contradict the zone: whoever has one sends `scheduledAt`.
    let has_offset = text
        .split_once(['T', 't', ' '])
        .is_none_or(|(_, time)| time.contains(['Z', 'z', '+', '-', '[']));
    if has_offset {
        return Err(malformed());
    }
    text.parse().map_err(|_| malformed())
}

fn malformed() -> Problem {
    Problem::field(
        "scheduledLocal",
        "malformed_local_time",
        "Write the local time as 2026-11-22T09:00, without an offset.",
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(problem: &Problem) -> String {
        problem.details().unwrap()["fields"][0]["code"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    #[test]
    fn winter_and_summer_have_their_own_offset() {
        let at = |local| resolve(local, "Europe/Berlin").unwrap().at.to_string();
        assert_eq!(at("2026-01-15T09:00"), "2026-01-15T08:00:00Z");
        assert_eq!(at("2026-07-15T09:00:30"), "2026-07-15T07:00:30Z");
    }

    #[test]
    fn a_time_in_the_gap_is_refused_with_the_next_one() {
        let problem = resolve("2026-03-29T02:30", "Europe/Berlin").unwrap_err();
        assert_eq!(code(&problem), "nonexistent_local_time");
        assert_eq!(problem.details().unwrap()["suggestion"], "2026-03-29T03:30");
        // Lord Howe Island's clocks move by half an hour.
        let problem = resolve("2026-10-04T02:10", "Australia/Lord_Howe").unwrap_err();
        assert_eq!(problem.details().unwrap()["suggestion"], "2026-10-04T02:40");
    }

    #[test]
    fn of_a_time_that_comes_twice_the_first_is_taken() {
        let resolved = resolve("2026-10-25T02:30", "Europe/Berlin").unwrap();
        assert_eq!(resolved.at.to_string(), "2026-10-25T00:30:00Z");
        assert!(resolved.note.unwrap().contains("twice"));
    }

    #[test]
    fn what_is_no_local_time_or_zone_is_told() {
        for text in [
            "",
            "tomorrow",
            "2026-11-22",
            "2026-11-22T09:00Z",
            "2026-11-22T09:00+01:00",
            "2026-13-01T00:00",
            "2026-11-22T09:00[Europe/Berlin]",
        ] {
            assert_eq!(
                code(&resolve(text, "UTC").unwrap_err()),
                "malformed_local_time",
                "{text}"
            );
        }
        for zone in ["", "Mars/Olympus", "../etc/passwd", "+25:00"] {
            assert_eq!(
                code(&resolve("2026-11-22T09:00", zone).unwrap_err()),
                "unknown_time_zone",
                "{zone}"
            );
        }
    }

    #[test]
    fn only_the_future_can_be_scheduled() {
        let now: Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
        let later: Timestamp = "2026-11-22T09:00:01Z".parse().unwrap();
        assert!(check_future(later, now).is_ok());
        assert_eq!(
            code(&check_future(now, now).unwrap_err()),
            "schedule_in_past"
        );
    }

    proptest! {
        /// Every instant is found again from what the wall clock shows, or its twin is; and a
        /// suggestion can always be used.
        #[test]
        fn the_wall_clock_leads_back(
            seconds in 1_600_000_000i64..2_200_000_000,
            zone in prop::sample::select(vec!["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo", "UTC"]),
        ) {
            let instant = jiff::Timestamp::from_second(seconds).unwrap();
            let wall = instant.to_zoned(TimeZone::get(zone).unwrap()).datetime();
            let resolved = resolve(&wall.to_string(), zone).unwrap();
            let found = resolved.at.to_jiff();
            if resolved.note.is_none() {
                prop_assert_eq!(found, instant);
            } else {
                prop_assert!(found <= instant);
                prop_assert_eq!(found.to_zoned(TimeZone::get(zone).unwrap()).datetime(), wall);
            }
        }

        #[test]
        fn a_suggestion_can_be_used(
            minutes in 0i64..6_000_000,
            zone in prop::sample::select(vec!["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Gaza"]),
        ) {
            let local = jiff::civil::date(2024, 1, 1).at(0, 0, 0, 0).checked_add(jiff::Span::new().minutes(minutes)).unwrap();
            if let Err(problem) = resolve(&local.to_string(), zone) {
                let suggestion = problem.details().unwrap()["suggestion"].as_str().unwrap().to_owned();
                prop_assert!(resolve(&suggestion, zone).is_ok());
            }
        }
    }
}
