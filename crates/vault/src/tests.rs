//! What the vault promises.

use std::{fs, os::unix::fs::PermissionsExt};

use kernel::{Env, TenantId};
use proptest::prelude::*;
use uuid::Uuid;

use crate::{Context, Error, Keyring, Vault};

const CONTEXT: Context<'static> = Context {
    tenant: None,
    purpose: "test",
    record: b"1",
};

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(work)
}

fn vault() -> Vault {
    Vault::new(Env::system(), Keyring::generate(&Env::system()))
}

proptest! {
    #[test]
    fn what_is_sealed_opens_again(
        secret in proptest::collection::vec(any::<u8>(), 0..2_000),
        tenant in any::<Option<u128>>(), purpose in "[a-z-]{0,20}",
        record in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let context = Context {
            tenant: tenant.map(|id| TenantId(Uuid::from_u128(id))),
            purpose: &purpose,
            record: &record,
        };
        let vault = vault();
        let sealed = run(vault.seal(&secret, &context)).unwrap();
        prop_assert_eq!(&*run(vault.open(&sealed, &context)).unwrap(), &secret);
    }

    #[test]
    fn any_cut_or_garbage_is_refused_without_panic(
        garbage in proptest::collection::vec(any::<u8>(), 0..200), cut in any::<prop::sample::Index>(),
    ) {
        let vault = vault();
        prop_assert!(run(vault.open(&garbage, &CONTEXT)).is_err());
        let sealed = run(vault.seal(b"secret", &CONTEXT)).unwrap();
        prop_assert!(run(vault.open(&sealed[..cut.index(sealed.len())], &CONTEXT)).is_err());
    }
}

#[test]
fn every_flipped_bit_is_refused() {
    let vault = vault();
    let sealed = run(vault.seal(b"app password", &CONTEXT)).unwrap();
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(run(vault.open(&changed, &CONTEXT)).is_err(), "bit {bit}");
    }
}

#[test]
fn another_context_is_refused() {
    let vault = vault();
    let tenant = Some(TenantId(Uuid::from_u128(1)));
    let context = Context {
        tenant,
        purpose: "account",
        record: b"12",
    };
    let sealed = run(vault.seal(b"secret", &context)).unwrap();
    for other in [
        Context {
            tenant: None,
            ..context
        },
        Context {
            tenant: Some(TenantId(Uuid::from_u128(2))),
            ..context
        },
        Context {
            purpose: "account1",
            record: b"2",
            ..context
        },
        Context {
            record: b"13",
            ..context
        },
    ] {
        assert!(
            matches!(run(vault.open(&sealed, &other)), Err(Error::Refused)),
            "{other:?}"
        );
    }
}

#[test]
fn the_same_secret_never_looks_the_same_and_never_shows() {
    let vault = vault();
    let one = run(vault.seal(b"correct horse", &CONTEXT)).unwrap();
    let two = run(vault.seal(b"correct horse", &CONTEXT)).unwrap();
    assert_ne!(one, two);
    assert!(!one.windows(7).any(|window| window == b"correct"));
}

#[test]
fn another_key_file_is_named_in_the_error() {
    let sealed = run(vault().seal(b"secret", &CONTEXT)).unwrap();
    let error = run(vault().open(&sealed, &CONTEXT)).unwrap_err();
    assert!(matches!(error, Error::UnknownKey(_)));
    assert!(
        error.to_string().contains("restore the key file"),
        "{error}"
    );
}

#[test]
fn the_key_file_is_made_private_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys/master.key");
    let made = Keyring::load_or_create(&path, &Env::system()).unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(
        fs::read_dir(path.parent().unwrap()).unwrap().count(),
        1,
        "no draft stays behind"
    );

    let sealed = run(Vault::new(Env::system(), made.clone()).seal(b"secret", &CONTEXT)).unwrap();
    let read = Keyring::load_or_create(&path, &Env::system()).unwrap();
    assert_eq!(read.fingerprint(), made.fingerprint());
    assert_eq!(
        read.derive("session-signing"),
        made.derive("session-signing")
    );
    assert_eq!(
        &*run(Vault::new(Env::system(), read).open(&sealed, &CONTEXT)).unwrap(),
        b"secret"
    );
}

#[test]
fn a_key_file_that_others_can_read_is_refused_with_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    Keyring::load_or_create(&path, &Env::system()).unwrap();
    for mode in [0o640, 0o604, 0o660] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = Keyring::load_or_create(&path, &Env::system())
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(&format!("chmod 600 {}", path.display())),
            "{error}"
        );
    }
}

#[test]
fn processes_that_start_at_once_share_their_keys() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys/master.key");
    let starts = (0..8).map(|_| {
        let path = path.clone();
        std::thread::spawn(move || {
            Keyring::load_or_create(&path, &Env::system())
                .unwrap()
                .fingerprint()
        })
    });
    let starts: Vec<_> = starts.collect();
    let fingerprints: std::collections::HashSet<_> = starts
        .into_iter()
        .map(|start| start.join().unwrap())
        .collect();
    assert_eq!(fingerprints.len(), 1);
}

#[test]
fn after_a_rotation_new_secrets_use_the_new_key_and_old_ones_still_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    let before = Keyring::load_or_create(&path, &Env::system()).unwrap();
    let old = run(Vault::new(Env::system(), before.clone()).seal(b"old", &CONTEXT)).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        format!("{text}key second AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"),
    )
    .unwrap();

    let after = Keyring::load(&path, &Env::system()).unwrap();
    assert_eq!(after.fingerprint(), before.fingerprint());
    let vault = Vault::new(Env::system(), after);
    assert_eq!(&*run(vault.open(&old, &CONTEXT)).unwrap(), b"old");
    let new = run(vault.seal(b"new", &CONTEXT)).unwrap();
    let refusal = run(Vault::new(Env::system(), before).open(&new, &CONTEXT)).unwrap_err();
    assert!(matches!(refusal, Error::UnknownKey(id) if id == "second"));
}

#[test]
fn a_broken_key_file_is_told_by_line_and_without_its_keys() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    for (text, line, reason) in [
        (String::new(), 1, "empty"),
        ("something else\n".to_owned(), 1, "not a key file"),
        (format!("allin-keys 1\nkey a {key}\n"), 2, "root"),
        (
            format!("allin-keys 1\nroot {key}\n"),
            2,
            "\"key\" is missing",
        ),
        (
            format!("allin-keys 1\nroot {key}\nkey a {key}\nkey a {key}\n"),
            4,
            "twice",
        ),
        ("allin-keys 1\n\nroot c2hvcnQ=\n".to_owned(), 3, "32 bytes"),
        (
            format!("allin-keys 1\nroot {key}\nroot {key}\n"),
            3,
            "not understood",
        ),
    ] {
        fs::write(&path, &text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let error = Keyring::load(&path, &Env::system())
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(&format!("line {line}: ")) && error.contains(reason),
            "{error}"
        );
        assert!(
            !error.contains("AAEC") && !error.contains("c2hvcnQ"),
            "{error}"
        );
    }
}

#[test]
fn sub_keys_differ_by_purpose() {
    let keys = Keyring::generate(&Env::system());
    assert_ne!(keys.derive("session-signing"), keys.derive("media-signing"));
}
