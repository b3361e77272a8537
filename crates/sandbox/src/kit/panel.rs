//! `/sandbox`: the page from which a person rules the sandbox. Forms alone, no script.

use std::{collections::HashMap, fmt::Write, time::Duration};

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};

use super::{
    control::Control,
    faults::{Fault, Kind, Sort},
    html::{each, escape, page},
    recorder::Recorded,
};

/// Requests that the page shows.
const SHOWN: usize = 25;

const STYLE: &str = "<style>
.row{display:grid;grid-template-columns:repeat(auto-fit,minmax(12rem,1fr));gap:0 1rem}.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td code{overflow-wrap:normal}.inline{display:inline}.inline button{margin-top:.5rem}.hint{font-size:.875rem;color:var(--quiet);margin:.25rem 0 0}</style>";

/// The ways to go wrong, as the form names them: value, words.
const CHOICES: [(&str, &str); 19] = [
    ("delay", "Delay the answer (seconds)"),
    ("hang", "Time-out: never answer"),
    ("drop_before", "Drop the connection before accepting"),
    ("drop_after_accept", "Drop the connection after accepting"),
    ("500", "Server error 500"),
    ("502", "Server error 502"),
    ("503", "Server error 503"),
    ("429", "Rate limit 429 (seconds until the reset)"),
    ("401", "Answer 401"),
    ("expire_token", "Access token expired"),
    ("revoke_token", "Access revoked by the person"),
    ("permission_missing", "Permission missing"),
    ("media_rejected", "File rejected"),
    ("slow_processing", "Slow processing (seconds more)"),
    ("duplicate_content", "Refused as duplicate content"),
    ("garbage", "Accept and answer something unreadable"),
    ("mangle", "Accept and answer with one wrong value"),
    ("flood", "Answer without end"),
    ("redirect", "Redirect to elsewhere"),
];

/// The page and what its forms post to.
pub(crate) fn routes(control: Control) -> Router {
    Router::new()
        .route("/sandbox", get(show))
        .route("/sandbox/panel/faults", post(add))
        .route("/sandbox/panel/clear", post(clear))
        .route("/sandbox/panel/clock", post(advance))
        .with_state(control)
}

/// The fields of a form that was sent.
struct Fields(HashMap<String, String>);

impl Fields {
    fn new(body: &str) -> Self {
        Self(
            url::form_urlencoded::parse(body.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    fn fault(&self) -> Option<Fault> {
        let seconds: u64 = self.get("seconds").parse().unwrap_or(60);
        let kind = match self.get("kind") {
            "delay" => Kind::Delay {
                ms: seconds.saturating_mul(1_000),
            },
            "hang" => Kind::Hang,
            "drop_before" => Kind::DropBefore,
            "drop_after_accept" => Kind::DropAfterAccept,
            "expire_token" => Kind::ExpireToken,
            "revoke_token" => Kind::RevokeToken,
            "permission_missing" => Kind::PermissionMissing { scope: None },
            "media_rejected" => Kind::MediaRejected,
            "slow_processing" => Kind::SlowProcessing { seconds },
            "duplicate_content" => Kind::DuplicateContent,
            "garbage" => Kind::Garbage,
            "mangle" => Kind::Mangle { seed: seconds },
            "flood" => Kind::Flood,
            "redirect" => Kind::Redirect {
                location: "http://127.0.0.1:9/".to_owned(),
            },
            status => Kind::Status {
                status: status.parse().ok()?,
                reset_seconds: (status == "429").then_some(seconds),
            },
        };
        let on = match self.get("on") {
            _ if kind.meets_work() => None,
            "publish" => Some(Sort::Publish),
            "upload" => Some(Sort::Upload),
            "sign_in" => Some(Sort::SignIn),
            "read" => Some(Sort::Read),
            _ => None,
        };
        Some(Fault {
            kind,
            network: Some(self.get("network").to_owned()).filter(|name| !name.is_empty()),
            method: None,
            path: None,
            on,
            times: self.get("times").parse().ok().filter(|times| *times > 1),
        })
    }
}

impl Fault {
    /// The fault in words, such as `Rate limit 429, 60 s · x · publish · 2 times`.
    fn words(&self) -> String {
        let seconds = |seconds: u64| format!(", {seconds} s");
        let (value, more) = match &self.kind {
            Kind::Delay { ms } => ("delay", format!(", {ms} ms")),
            Kind::Hang => ("hang", String::new()),
            Kind::DropBefore => ("drop_before", String::new()),
            Kind::DropAfterAccept => ("drop_after_accept", String::new()),
            Kind::Status {
                status: 429,
                reset_seconds,
            } => ("429", seconds(reset_seconds.unwrap_or(300))),
            Kind::Status { status, .. } => ("", format!("Answer {status}")),
            Kind::Garbage => ("garbage", String::new()),
            Kind::Mangle { seed } => ("mangle", format!(" {seed}")),
            Kind::Flood => ("flood", String::new()),
            Kind::Redirect { location } => ("redirect", format!(": {location}")),
            Kind::RevokeToken => ("revoke_token", String::new()),
            Kind::ExpireToken => ("expire_token", String::new()),
            Kind::PermissionMissing { scope } => (
                "permission_missing",
                scope
                    .as_ref()
                    .map_or_else(String::new, |name| format!(" {name}")),
            ),
            Kind::DuplicateContent => ("duplicate_content", String::new()),
            Kind::MediaRejected => ("media_rejected", String::new()),
            Kind::SlowProcessing { seconds: more } => ("slow_processing", seconds(*more)),
        };
        let what = CHOICES
            .iter()
            .find(|(choice, _)| *choice == value)
            .map_or("", |(_, words)| words.split(" (").next().unwrap_or(words));
        let mut words = format!("{what}{more}");
        let filters = [
            self.network.clone(),
            self.method.clone(),
            self.path.clone(),
            self.on.map(|sort| format!("{sort:?}").to_lowercase()),
            self.times.map(|times| format!("{times} times")),
        ];
        for filter in filters.into_iter().flatten() {
            words.push_str(" · ");
            words.push_str(&filter);
        }
        words
    }
}

async fn add(State(control): State<Control>, body: String) -> Response {
    match Fields::new(&body).fault() {
        Some(fault) => {
            control.hub.faults().push_back(fault);
            Redirect::to("/sandbox").into_response()
        }
        None => (StatusCode::UNPROCESSABLE_ENTITY, "There is no such fault.").into_response(),
    }
}

async fn clear(State(control): State<Control>) -> Redirect {
    control.hub.faults().clear();
    Redirect::to("/sandbox")
}

async fn advance(State(control): State<Control>, body: String) -> Redirect {
    let seconds = Fields::new(&body).get("seconds").parse().unwrap_or(0);
    control.hub.advance(Duration::from_secs(seconds));
    Redirect::to("/sandbox")
}

async fn show(State(control): State<Control>) -> Html<String> {
    let body = format!(
        "{STYLE}<p class=\"band\">AllIN sandbox</p><h1>Simulated networks</h1>\
         <p class=\"quiet\">Everything stays on this machine. Client id <code>sandbox-app</code>, secret \
         <code>sandbox-secret</code>, on every network. <a href=\"/feed\">What was published</a></p>\
         {}<h2>Let something fail</h2>{}{}<h2>Clock</h2>{}<h2>Last requests</h2>{}",
        networks(&control),
        form(&control),
        waiting(&control),
        clock(&control),
        requests(&control)
    );
    // Tables want more room than a feed does.
    Html(
        page("AllIN sandbox", "#4f46c9", &body)
            .0
            .replace("<body>", "<body class=\"wide\">"),
    )
}

fn networks(control: &Control) -> String {
    let mut rows = String::new();
    for network in control.networks.iter() {
        let profile = network.site.profile;
        let base = match profile.prefix() {
            prefix if prefix.is_empty() => "/".to_owned(),
            prefix => prefix,
        };
        // Writing to a string can't fail.
        let _ = write!(
            rows,
            "<tr><th scope=\"row\">{name}</th><td><code>{base}</code></td><td><a href=\"/{id}/feed\">{posts} posts</a></td>\
             <td>{accepted}</td><td><a href=\"/sandbox/requests?network={id}\" aria-label=\"Requests to {name}\">JSON</a></td></tr>",
            name = escape(profile.name),
            id = profile.id,
            posts = (network.posts)().len(),
            accepted = network.site.published(),
        );
    }
    table(
        "Networks",
        &["Network", "Base", "Feed", "Accepted", "Requests"],
        &rows,
    )
}

/// A table that scrolls where it does not fit, by keyboard too.
fn table(name: &str, columns: &[&str], rows: &str) -> String {
    let head = each(columns, |column| format!("<th scope=\"col\">{column}</th>"));
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{name}\"><table>\
         <thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

fn form(control: &Control) -> String {
    let options = |choices: &[(&str, &str)]| {
        each(choices, |(value, words)| {
            format!("<option value=\"{value}\">{words}</option>")
        })
    };
    let networks: Vec<_> = control
        .networks
        .iter()
        .map(|network| (network.site.profile.id, network.site.profile.name))
        .collect();
    let sorts = [
        ("", "Any request"),
        ("publish", "Publishing"),
        ("upload", "Uploading"),
        ("sign_in", "Signing in"),
        ("read", "Anything else"),
    ];
    format!(
        "<form class=\"card\" method=\"post\" action=\"/sandbox/panel/faults\"><div class=\"row\">\
         <div><label for=\"kind\">What</label><select id=\"kind\" name=\"kind\">{}</select></div>\
         <div><label for=\"network\">Network</label><select id=\"network\" name=\"network\"><option value=\"\">Whichever is asked first</option>{}</select></div>\
         <div><label for=\"on\">Which requests</label><select id=\"on\" name=\"on\">{}</select></div>\
         <div><label for=\"seconds\">Seconds</label><input id=\"seconds\" name=\"seconds\" type=\"number\" min=\"0\" value=\"60\"></div>\
         <div><label for=\"times\">How many times</label><input id=\"times\" name=\"times\" type=\"number\" min=\"1\" value=\"1\"></div></div>\
         <p class=\"hint\">Seconds count for delay, rate limit and slow processing. Rejected files and slow processing meet the next file, \
         whatever the request.</p><button class=\"main\">Let it fail</button></form>",
        options(&CHOICES),
        options(&networks),
        options(&sorts)
    )
}

fn waiting(control: &Control) -> String {
    let faults: Vec<Fault> = control.hub.faults().iter().cloned().collect();
    if faults.is_empty() {
        return "<p class=\"quiet\">No fault waits.</p>".to_owned();
    }
    let list = each(&faults, |fault| {
        format!("<li>{}</li>", escape(&fault.words()))
    });
    format!(
        "<section class=\"card\"><strong>Waiting</strong><ol>{list}</ol>\
         <form method=\"post\" action=\"/sandbox/panel/clear\"><button>Take all back</button></form></section>"
    )
}

fn clock(control: &Control) -> String {
    let now = control.hub.now().to_jiff();
    let steps = [
        (60, "1 minute"),
        (3_600, "1 hour"),
        (86_400, "1 day"),
        (604_800, "1 week"),
    ];
    let buttons = each(steps, |(seconds, words)| {
        format!(
            "<form class=\"inline\" method=\"post\" action=\"/sandbox/panel/clock\">\
             <button name=\"seconds\" value=\"{seconds}\">{words} on</button></form>"
        )
    });
    format!(
        "<section class=\"card\"><time datetime=\"{now}\">{}</time><p class=\"hint\">Numbers and comments grow, files get ready and tokens \
         expire by this clock. It can't be put back.</p>{buttons}</section>",
        now.strftime("%A, %-d %B %Y, %H:%M:%S UTC")
    )
}

fn requests(control: &Control) -> String {
    let all = control.hub.recorder.list(None);
    let rows = each(all.iter().rev().take(SHOWN), Recorded::row);
    if rows.is_empty() {
        return "<p class=\"quiet\">None yet.</p>".to_owned();
    }
    table(
        "Last requests",
        &["Time", "Network", "Request", "Bytes", "Answer"],
        &rows,
    )
}
