//! What the public does with Pins: operation `pins/analytics`, and `pin_metrics` of a Pin.

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    Net, pins, refusal,
    state::{Content, Pin},
};
use crate::kit::{
    Actor, Answer, Params,
    insights::{Exposure, Form, Insights},
    people,
};

/// "Cannot be more than 90 days back from today."
const DAYS: i64 = 90;

const STANDARD: &[&str] = &[
    "IMPRESSION",
    "OUTBOUND_CLICK",
    "PIN_CLICK",
    "SAVE",
    "SAVE_RATE",
    "TOTAL_COMMENTS",
    "TOTAL_REACTIONS",
    "USER_FOLLOW",
    "PROFILE_VISIT",
    "VIDEO_MRC_VIEW",
    "VIDEO_10S_VIEW",
    "QUARTILE_95_PERCENT_VIEW",
    "VIDEO_V50_WATCH_TIME",
    "VIDEO_START",
    "VIDEO_AVG_WATCH_TIME",
];

/// What has come of Pins until some instant.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reach {
    pub(super) impressions: u64,
    clicks: u64,
    outbound: u64,
    saves: u64,
    comments: u64,
    reactions: u64,
    views: u64,
    watch_seconds: u64,
}

impl Reach {
    pub(super) fn of(pin: &Pin, now: Timestamp) -> Self {
        let (form, seconds) = match pin.content {
            Content::Image(_) => (Form::Image, 0),
            Content::Images(_) => (Form::Carousel, 0),
            Content::Video { .. } => (Form::Video, 20),
        };
        let exposure = Exposure {
            id: format!("pinterest/{}", pin.id),
            published_at: pin.created_at,
            form,
            followers: people::find(&pin.account).map_or(100, |person| person.followers),
            seconds,
        };
        let seen: Insights = exposure.insights(now);
        Self {
            impressions: seen.impressions,
            clicks: seen.clicks,
            // Only a Pin with a link leads out.
            outbound: pin.link.as_ref().map_or(0, |_| seen.clicks / 3),
            saves: seen.saves,
            comments: seen.comments,
            reactions: seen.likes,
            views: seen.views,
            watch_seconds: seen.watch_seconds,
        }
    }

    fn with(self, other: Self, join: impl Fn(u64, u64) -> u64) -> Self {
        Self {
            impressions: join(self.impressions, other.impressions),
            clicks: join(self.clicks, other.clicks),
            outbound: join(self.outbound, other.outbound),
            saves: join(self.saves, other.saves),
            comments: join(self.comments, other.comments),
            reactions: join(self.reactions, other.reactions),
            views: join(self.views, other.views),
            watch_seconds: join(self.watch_seconds, other.watch_seconds),
        }
    }

    fn plus(self, other: Self) -> Self {
        self.with(other, |one, other| one + other)
    }

    fn minus(self, earlier: Self) -> Self {
        self.with(earlier, u64::saturating_sub)
    }

    /// The metric of this name; those over a lifetime are told elsewhere.
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of a simulation, far below the bounds of an f64"
    )]
    fn metric(&self, name: &str) -> Option<Value> {
        let rate = |part: u64| {
            let whole = self.impressions.max(1) as f64;
            json!((part as f64 / whole * 100.0).round() / 100.0)
        };
        let engagement = self.clicks + self.saves + self.outbound;
        Some(match name {
            "IMPRESSION" => json!(self.impressions),
            "OUTBOUND_CLICK" => json!(self.outbound),
            "OUTBOUND_CLICK_RATE" => rate(self.outbound),
            "PIN_CLICK" => json!(self.clicks),
            "PIN_CLICK_RATE" => rate(self.clicks),
            "SAVE" => json!(self.saves),
            "SAVE_RATE" => rate(self.saves),
            "ENGAGEMENT" => json!(engagement),
            "ENGAGEMENT_RATE" => rate(engagement),
            "USER_FOLLOW" => json!(self.saves / 20),
            "PROFILE_VISIT" => json!(self.clicks / 5),
            "VIDEO_MRC_VIEW" | "VIDEO_START" => json!(self.views),
            "VIDEO_10S_VIEW" => json!(self.views / 3),
            "QUARTILE_95_PERCENT_VIEW" => json!(self.views / 5),
            // Milliseconds.
            "VIDEO_V50_WATCH_TIME" => json!(self.watch_seconds * 1_000),
            "VIDEO_AVG_WATCH_TIME" => json!(self.watch_seconds * 1_000 / self.views.max(1)),
            _ => return None,
        })
    }

    fn metrics(&self, names: &[String]) -> Value {
        let metrics: Map<_, _> = names
            .iter()
            .filter_map(|name| Some((name.clone(), self.metric(name)?)))
            .collect();
        Value::Object(metrics)
    }
}

/// The days that are asked for.
pub(super) struct Span {
    start: Date,
    end: Date,
}

impl Span {
    pub(super) fn of(net: &Net, params: &Params) -> Answer<Self> {
        let date = |name: &str| {
            params
                .get(name)
                .and_then(|text| text.parse::<Date>().ok())
                .ok_or_else(|| refusal::invalid(&format!("{name} must be a date: YYYY-MM-DD.")))
        };
        let (start, end) = (date("start_date")?, date("end_date")?);
        let today = net.now().to_jiff().to_zoned(TimeZone::UTC).date();
        let back = i64::from((today - start).get_days());
        let long = i64::from((end - start).get_days());
        if back > DAYS || !(0..=DAYS).contains(&long) {
            return Err(refusal::invalid("Invalid pins analytics parameters."));
        }
        Ok(Self { start, end })
    }

    fn days(&self) -> impl Iterator<Item = Date> {
        let end = self.end;
        self.start
            .series(1.day())
            .take_while(move |day| *day <= end)
    }
}

/// The instants a day begins and ends, but not after now.
fn bounds(day: Date, now: Timestamp) -> (Timestamp, Timestamp) {
    let begin = day
        .to_zoned(TimeZone::UTC)
        .map_or(now, |start| Timestamp::from(start.timestamp()));
    (begin.min(now), (begin + Duration::from_hours(24)).min(now))
}

/// `metric_types`: separated by commas.
pub(super) fn metric_types(params: &Params, known: &[&str]) -> Answer<Vec<String>> {
    let wanted: Vec<String> = params
        .all("metric_types")
        .iter()
        .flat_map(|list| list.split(','))
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    if wanted.iter().all(|name| known.contains(&name.as_str())) {
        Ok(wanted)
    } else {
        Err(refusal::invalid("Invalid pins analytics parameters."))
    }
}

/// Schema `AnalyticsMetricsResponse`, not split.
pub(super) fn answer(net: &Net, all: &[Pin], span: &Span, wanted: &[String]) -> Value {
    let now = net.now();
    let until = |at: Timestamp| {
        all.iter()
            .filter(|pin| pin.created_at <= at)
            .fold(Reach::default(), |sum, pin| sum.plus(Reach::of(pin, at)))
    };
    let mut sum = Reach::default();
    let mut daily = Vec::new();
    for day in span.days() {
        let (begin, end) = bounds(day, now);
        let reach = until(end).minus(until(begin));
        daily.push(json!({
            "date": day.to_string(),
            "data_status": "READY",
            "metrics": reach.metrics(wanted),
        }));
        sum = sum.plus(reach);
    }
    json!({ "all": { "daily_metrics": daily, "summary_metrics": sum.metrics(wanted) } })
}

/// `pins/analytics`.
pub(super) async fn of_pin(
    State(net): State<Net>,
    actor: Actor,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    actor.require("boards:read")?;
    actor.require("pins:read")?;
    let pin = pins::find(&net, &actor, &id)?;
    let span = Span::of(&net, &params)?;
    let wanted = metric_types(&params, STANDARD)?;
    if wanted.is_empty() {
        return Err(refusal::invalid("metric_types is a required parameter."));
    }
    let reach = Reach::of(&pin, net.now());
    let mut body = answer(&net, std::slice::from_ref(&pin), &span, &wanted);
    let mut lifetime = Map::new();
    for (name, value) in [
        ("TOTAL_COMMENTS", reach.comments),
        ("TOTAL_REACTIONS", reach.reactions),
    ] {
        if wanted.iter().any(|one| one == name) {
            lifetime.insert(name.to_owned(), json!(value));
        }
    }
    body["all"]["lifetime_metrics"] = Value::Object(lifetime);
    Ok(Json(body))
}

/// `pin_metrics` of a Pin: of 90 days and of its lifetime.
pub(super) fn metrics(net: &Net, pin: &Pin) -> Value {
    let reach = Reach::of(pin, net.now());
    json!({
        "90d": {
            "impression": reach.impressions,
            "pin_click": reach.clicks,
            "clickthrough": reach.outbound,
        },
        "lifetime_metrics": {
            "impression": reach.impressions,
            "pin_click": reach.clicks,
            "clickthrough": reach.outbound,
            "reaction": reach.reactions,
            "comment": reach.comments,
        },
    })
}
