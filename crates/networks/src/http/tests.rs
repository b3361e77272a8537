use super::*;
use crate::error::Certainty;

fn net(allow_private_targets: bool) -> Net {
    let config = NetConfig {
        allow_private_targets,
        ..NetConfig::default()
    };
    Net::new(Env::system(), config).unwrap()
}

#[test]
fn addresses_that_are_not_a_public_web_server_are_refused() {
    let net = net(false);
    for text in [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00::1]:8443/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://0.0.0.0/",
        "https://192.168.0.1:443/",
    ] {
        let error = net.check(&text.parse().unwrap()).unwrap_err();
        assert!(
            matches!(error, TransportError::Blocked(_)),
            "{text}: {error}"
        );
    }
    for text in [
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://example.org:22/",
        "https://example.org:25/",
        "https://example.org:80/",
        "https://user@example.org/",
        "https://user:secret@example.org/",
    ] {
        let error = net.check(&text.parse().unwrap()).unwrap_err();
        assert!(
            matches!(error, TransportError::Address(_)),
            "{text}: {error}"
        );
    }
    for text in [
        "https://example.org/",
        "https://example.org:8443/",
        "https://1.1.1.1/",
    ] {
        assert_eq!(net.check(&text.parse().unwrap()), Ok(()), "{text}");
    }
}

#[test]
fn an_operator_may_allow_private_targets() {
    let net = net(true);
    for text in [
        "http://localhost:3000/",
        "https://10.0.0.1/",
        "http://[::1]:80/",
    ] {
        assert_eq!(net.check(&text.parse().unwrap()), Ok(()), "{text}");
    }
    assert!(net.check(&"ftp://localhost/".parse().unwrap()).is_err());
    assert!(
        net.check(&"http://user@localhost/".parse().unwrap())
            .is_err()
    );
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_when_it_is_resolved() {
    let net = net(false);
    let url: Url = "https://localhost:8443/".parse().unwrap();
    assert_eq!(net.check(&url), Ok(()), "its text alone is harmless");
    let request = net.request(Method::GET, url).unwrap();
    let error = net.send(request).await.unwrap_err();
    assert_eq!(error, TransportError::Blocked("localhost".to_owned()));
    assert_eq!(error.certainty(), Certainty::NotSent);
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
    for (text, expected) in [
        ("120", Some(120)),
        ("Sat, 21 Nov 2026 10:00:30 GMT", Some(30)),
        ("Sat, 21 Nov 2026 09:00:00 GMT", Some(0)),
        ("soon", None),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, text.parse().unwrap());
        let url = "https://example.org/".parse().unwrap();
        let answer = Answer {
            url,
            status: StatusCode::OK,
            headers,
            body: Bytes::new(),
        };
        assert_eq!(
            answer.retry_after(now).map(|after| after.as_secs()),
            expected,
            "{text}"
        );
    }
}
