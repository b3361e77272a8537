//! The page that asks a person, and what becomes of the answer (RFC 6749 §4.1.1, §4.1.2).

use std::fmt::Write;

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use url::Url;

use super::{
    Method, Pkce,
    store::{App, Grant, Token},
};
use crate::kit::{
    Answer, Params, Refusal, Site,
    html::{escape, page as html_page},
    people,
};

/// Where the code is shown instead of sent.
const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

/// What an app asks the person for: the query of the consent page.
#[derive(Clone, Debug)]
pub(crate) struct Consent {
    pairs: Vec<(String, String)>,
}

/// A request for consent that may be put before a person.
struct Asked {
    client_id: String,
    app: App,
    redirect_uri: String,
    scopes: Vec<String>,
    challenge: Option<(String, Method)>,
}

impl Consent {
    fn new(query: Option<&str>) -> Self {
        let query = query.unwrap_or_default().as_bytes();
        Self {
            pairs: url::form_urlencoded::parse(query).into_owned().collect(),
        }
    }

    /// A parameter of the request, if it is there and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.pairs.iter().find(|(key, _)| key == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// Checks in the order of the RFC: what can't be sent back is shown, the rest is sent back.
    fn check(&self, site: &Site) -> Result<Asked, Refusal> {
        let oauth = &site.profile.oauth;
        let shown = |words: &str| {
            let body = format!(
                "<p class=\"band\">{}</p><h1>This app can't be let in</h1><p>{}</p>",
                escape(site.profile.name),
                escape(words)
            );
            let page = html_page("Not possible", site.profile.brand.colour, &body);
            Refusal::new(StatusCode::BAD_REQUEST, page)
        };
        let client_id = self.get(oauth.client_id).unwrap_or_default();
        let app = site.oauth().apps.get(client_id).cloned();
        let Some(app) = app else {
            return Err(shown(&format!(
                "{} is not the id of an app that this network knows. The sandbox knows sandbox-app.",
                oauth.client_id
            )));
        };
        let redirect_uri = self.get("redirect_uri").unwrap_or_default();
        let known =
            app.redirect_uris.is_empty() || app.redirect_uris.iter().any(|uri| uri == redirect_uri);
        let usable = redirect_uri == OUT_OF_BAND || Url::parse(redirect_uri).is_ok();
        if !known || !usable {
            return Err(shown(
                "redirect_uri is missing, or is not one of the app's addresses.",
            ));
        }
        let sent = |error, words| {
            self.back(
                redirect_uri,
                &[("error", error), ("error_description", words)],
            )
            .unwrap_or_else(|| shown(words).into_response())
            .into()
        };
        if self.get("response_type") != Some("code") {
            return Err(sent(
                "unsupported_response_type",
                "response_type must be code.",
            ));
        }
        let scopes = oauth.split(
            self.get("scope")
                .unwrap_or(oauth.scopes.first().map_or("", |(name, _)| name)),
        );
        let allowed = |scope: &String| {
            oauth.scopes.iter().any(|(name, _)| name == scope)
                && (app.scopes.is_empty() || oauth.covers(&app.scopes, scope))
        };
        if !scopes.iter().all(allowed) {
            return Err(sent(
                "invalid_scope",
                "The requested scope is invalid, unknown, or malformed.",
            ));
        }
        let challenge = self
            .challenge(oauth.pkce)
            .map_err(|words| sent("invalid_request", words))?;
        Ok(Asked {
            client_id: client_id.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            app,
            scopes,
            challenge,
        })
    }

    /// RFC 7636 §4.3.
    fn challenge(&self, pkce: Pkce) -> Result<Option<(String, Method)>, &'static str> {
        let (methods, required) = match pkce {
            Pkce::Ignored => return Ok(None),
            Pkce::Optional(methods) => (methods, false),
            Pkce::Required(methods) => (methods, true),
        };
        let Some(challenge) = self.get("code_challenge") else {
            return if required {
                Err("code_challenge is required.")
            } else {
                Ok(None)
            };
        };
        let method = match self.get("code_challenge_method") {
            Some("S256") if methods.contains(&Method::HexS256) => Method::HexS256,
            Some("S256") => Method::S256,
            Some("plain") | None => Method::Plain,
            Some(_) => return Err("code_challenge_method is not supported."),
        };
        if methods.contains(&method) {
            Ok(Some((challenge.to_owned(), method)))
        } else {
            Err("code_challenge_method is not supported.")
        }
    }

    /// Sends the browser back to the app, with the state it came with.
    fn back(&self, redirect_uri: &str, pairs: &[(&str, &str)]) -> Option<Response> {
        let mut url = Url::parse(redirect_uri).ok()?;
        url.query_pairs_mut().extend_pairs(pairs);
        if let Some(state) = self.get("state") {
            url.query_pairs_mut().append_pair("state", state);
        }
        Some(Redirect::to(url.as_str()).into_response())
    }
}

/// The page that asks the person.
pub(super) async fn page(
    State(site): State<Site>,
    RawQuery(query): RawQuery,
) -> Answer<Html<String>> {
    let consent = Consent::new(query.as_deref());
    let asked = consent.check(&site)?;
    let (profile, oauth) = (site.profile, &site.profile.oauth);
    let (network, app) = (escape(profile.name), escape(&asked.app.name));
    let mut form = accounts(oauth.any_account);
    if oauth.chooses_companies {
        form.push_str("<fieldset><legend>Pages it may use, if you manage them</legend>");
        for company in people::ACCOUNTS
            .iter()
            .filter(|one| one.kind == people::AccountKind::Company)
        {
            let _ = write!(
                form,
                "<label class=\"choice\"><input type=\"checkbox\" name=\"company\" value=\"{}\" checked><span>{}</span></label>",
                company.username,
                escape(company.name)
            );
        }
        form.push_str("</fieldset>");
    }
    let _ = write!(form, "<fieldset><legend>{app} may</legend>");
    for scope in &asked.scopes {
        let why = oauth
            .scopes
            .iter()
            .find(|(name, _)| name == scope)
            .map_or("", |(_, why)| *why);
        let fixed = if oauth.unticks { "" } else { " disabled" };
        let _ = write!(
            form,
            "<label class=\"choice\"><input type=\"checkbox\" name=\"scope\" value=\"{0}\" checked{fixed}><span>{1}<br><code>{0}</code></span></label>",
            escape(scope),
            escape(why)
        );
    }
    // The form posts to the address it stands at, so the query's parameters come along.
    let body = format!(
        "<p class=\"band\">{network}</p><h1>Authorise {app}</h1><p class=\"quiet\">on the simulated {network}. \
         Nothing leaves this machine.</p><form class=\"card\" method=\"post\">\
         <input type=\"hidden\" name=\"chosen\" value=\"{}\">{form}</fieldset>\
         <button class=\"main\" name=\"decision\" value=\"approve\">{}</button>\
         <button name=\"decision\" value=\"deny\">Deny</button></form>",
        u8::from(oauth.unticks),
        escape(oauth.approve)
    );
    let title = format!("Authorise {} on {}", asked.app.name, profile.name);
    Ok(html_page(&title, profile.brand.colour, &body))
}

/// The part of the form that says who consents.
fn accounts(any: bool) -> String {
    if any {
        return "<label for=\"account\">Account (any name will do)</label><input id=\"account\" name=\"account\" \
                value=\"demo\" pattern=\"[A-Za-z0-9_]+\" maxlength=\"30\" required>"
            .to_owned();
    }
    let mut form = "<fieldset><legend>Continue as</legend>".to_owned();
    for (place, person) in people::persons().enumerate() {
        // Writing to a string can't fail.
        let _ = write!(
            form,
            "<label class=\"choice\"><input type=\"radio\" name=\"account\" value=\"{}\"{}><span><strong>{}</strong> \
             @{}</span></label>",
            person.username,
            if place == 0 { " checked" } else { "" },
            escape(person.name),
            person.username
        );
    }
    form.push_str("</fieldset>");
    form
}

/// The person's answer, from the page's form: `decision` (`approve` or `deny`), `account`,
/// `company` and `scope` once for each that is ticked. Without `chosen`, as from a test that
/// posts only a decision, everything asked for is granted.
pub(super) async fn decide(
    State(site): State<Site>,
    RawQuery(query): RawQuery,
    form: Params,
) -> Answer {
    let consent = Consent::new(query.as_deref());
    let asked = consent.check(&site)?;
    let oauth = &site.profile.oauth;
    let back = |pairs: &[(&str, &str)]| {
        consent.back(&asked.redirect_uri, pairs).unwrap_or_else(|| {
            let (_, words) = pairs.first().copied().unwrap_or_default();
            let body = format!("<h1>Copy this code into the app</h1><form><input readonly value=\"{}\" aria-label=\"Code\"></form>", escape(words));
            html_page("Code", site.profile.brand.colour, &body).into_response()
        })
    };
    if form.get("decision") != Some("approve") {
        return Ok(back(&[
            ("error", "access_denied"),
            ("error_description", "The person denied the request."),
        ]));
    }
    let account = form
        .get("account")
        .unwrap_or(if oauth.any_account { "demo" } else { "mara" });
    let account = account.to_ascii_lowercase();
    let well_formed = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if account.len() > 30 || !account.chars().all(well_formed) {
        return Err(Refusal::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "An account has letters, digits and underscores.",
        ));
    }
    let managed = people::find(&account).map_or(&[][..], |person| person.manages);
    let chosen = |name: &str, value: &str| {
        form.get("chosen").is_none() || form.all(name).iter().any(|ticked| ticked == value)
    };
    let companies = managed
        .iter()
        .filter(|company| !oauth.chooses_companies || chosen("company", company))
        .map(|company| (*company).to_owned())
        .collect();
    let scopes: Vec<String> = asked
        .scopes
        .iter()
        .filter(|scope| !oauth.unticks || chosen("scope", scope))
        .cloned()
        .collect();
    let refresh = oauth
        .refresh
        .is_some_and(|refresh| (refresh.earned)(&consent, &scopes));
    let granted = oauth.join(&scopes);
    let token = Token::new(
        account,
        (asked.client_id.clone(), asked.app.name.clone()),
        scopes,
        companies,
        site.next_number(),
    );
    let grant = Grant::new(
        token,
        asked.redirect_uri.clone(),
        asked.challenge.clone(),
        site.now(),
        refresh,
    );
    let code = site.secret();
    site.oauth().add_grant(code.clone(), grant);
    let mut pairs = vec![("code", code.as_str())];
    if let Some(name) = oauth.granted {
        pairs.push((name, &granted));
    }
    Ok(back(&pairs))
}
