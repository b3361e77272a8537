//! The key file of this machine.
//!
//! Text, so that an operator can look at it, back it up and rotate it:
//!
//! ```text
//! # comment
//! allin-keys 1
//! root <base64 of 32 bytes>
//! key <id> <base64 of 32 bytes>
//! key <id> <base64 of 32 bytes>
//! ```
//!
//! `root` stays as long as the installation: its fingerprint and its sub-keys come from it. Each
//! `key` is a key-encryption key: the last one wraps, all of them unwrap. To rotate, a line is
//! added at the end.

use std::{
    fs,
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

use async_trait::async_trait;
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use hkdf::Hkdf;
use kernel::Env;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{
    Error, KeyProvider,
    provider::{self, DataKey},
    sealed::NONCE,
};

const FORMAT: &str = "allin-keys 1";
const COMMENT: &str = "\
# The master key of this AllIN installation. Stored passwords and tokens can't be opened without it.
# Keep a copy in a safe place, apart from the backups of the database, and show it to nobody.
";

/// The keys of this installation, held in memory and wiped when dropped.
#[derive(Clone)]
pub struct Keyring {
    env: Env,
    root: DataKey,
    /// The key-encryption keys, the current one last. Never empty.
    keys: Vec<(String, DataKey)>,
}

impl Keyring {
    /// New keys, nowhere stored.
    pub fn generate(env: &Env) -> Self {
        let id = env.uuid().simple().to_string();
        Self {
            env: env.clone(),
            root: DataKey::new(env.bytes()),
            keys: vec![(id, DataKey::new(env.bytes()))],
        }
    }

    /// Reads the key file at `path`; makes it, with new keys, where there is none.
    ///
    /// The file is made readable by its owner alone (0600, its folder 0700), and refused where
    /// others can read it. Two processes that start at once get the same keys.
    pub fn load_or_create(path: &Path, env: &Env) -> Result<Self, Error> {
        match Self::load(path, env) {
            Err(Error::KeyFileIo { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                Self::generate(env)
                    .create(path)
                    .map_err(|source| Error::KeyFileIo {
                        path: path.to_owned(),
                        source,
                    })?;
                Self::load(path, env)
            }
            result => result,
        }
    }

    /// Reads the key file at `path`, which must be there.
    pub fn load(path: &Path, env: &Env) -> Result<Self, Error> {
        let failed = |source| Error::KeyFileIo {
            path: path.to_owned(),
            source,
        };
        let mut file = fs::File::open(path).map_err(failed)?;
        let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(Error::KeyFileExposed {
                path: path.to_owned(),
                mode,
            });
        }
        let mut text = Zeroizing::new(String::new());
        file.read_to_string(&mut text).map_err(failed)?;
        Self::parse(&text, env).map_err(|(line, reason)| Error::KeyFileFormat {
            path: path.to_owned(),
            line,
            reason,
        })
    }

    /// Reads the text of a key file; fails with the line and what is wrong with it.
    fn parse(text: &str, env: &Env) -> Result<Self, (usize, &'static str)> {
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line.trim()))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        match lines.next() {
            Some((_, FORMAT)) => {}
            Some((line, _)) => {
                return Err((line, "this is not a key file that this version reads"));
            }
            None => return Err((1, "the file is empty")),
        }
        let (mut root, mut keys) = (None, Vec::<(String, DataKey)>::new());
        let mut last = 1;
        for (line, text) in lines {
            last = line;
            let mut words = text.split_ascii_whitespace();
            match (words.next(), words.next(), words.next(), words.next()) {
                (Some("root"), Some(key), None, None) if root.is_none() => {
                    root = Some(parse_key(key).ok_or((line, "the key is not 32 bytes in base64"))?);
                }
                (Some("key"), Some(id), Some(key), None) if u8::try_from(id.len()).is_ok() => {
                    if keys.iter().any(|(known, _)| known == id) {
                        return Err((line, "this key id is used twice"));
                    }
                    let key = parse_key(key).ok_or((line, "the key is not 32 bytes in base64"))?;
                    keys.push((id.to_owned(), key));
                }
                _ => return Err((line, "this line is not understood")),
            }
        }
        match root {
            Some(root) if !keys.is_empty() => Ok(Self {
                env: env.clone(),
                root,
                keys,
            }),
            Some(_) => Err((last, "a line that begins with \"key\" is missing")),
            None => Err((last, "the line that begins with \"root\" is missing")),
        }
    }

    fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(format!(
            "{COMMENT}{FORMAT}\nroot {}\n",
            *format_key(&self.root)
        ));
        for (id, key) in &self.keys {
            text.push_str(&Zeroizing::new(format!("key {id} {}\n", *format_key(key))));
        }
        text
    }

    /// Writes the file as a whole, or leaves the one that another process has just made.
    fn create(&self, path: &Path) -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        let draft = folder.join(format!(".master.key.{}", self.env.uuid().simple()));
        let mut private = fs::OpenOptions::new();
        let written = private
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&draft)
            .and_then(|mut file| {
                file.write_all(self.to_text().as_bytes())?;
                file.sync_all()
            });
        // A link, unlike a rename, fails where somebody was quicker.
        let linked = written.and_then(|()| match fs::hard_link(&draft, path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            result => result,
        });
        fs::remove_file(&draft)?;
        linked?;
        fs::File::open(folder)?.sync_all()
    }

    /// By which a database recognises the key file it belongs to. Not secret; the same after a
    /// rotation.
    pub fn fingerprint(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(&self.derive("fingerprint")[..18])
    }

    /// The sub-key for `purpose`, by HKDF-SHA256 (RFC 5869): for signing sessions, addresses of
    /// media and the like. Sub-keys tell nothing of each other or of the root.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "HKDF-SHA256 refuses only outputs above 8,160 bytes"
    )]
    pub fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(Some(b"allin sub-key v1"), &*self.root)
            .expand(purpose.as_bytes(), &mut *key)
            .expect("32 bytes are a valid length");
        key
    }

    fn key(&self, id: &str) -> Result<&DataKey, Error> {
        self.keys
            .iter()
            .find_map(|(known, key)| (known == id).then_some(key))
            .ok_or_else(|| Error::UnknownKey(id.to_owned()))
    }
}

#[async_trait]
impl KeyProvider for Keyring {
    fn current(&self) -> &str {
        self.keys.last().map_or("", |(id, _)| id)
    }

    async fn wrap(
        &self,
        key_id: &str,
        data_key: &DataKey,
        context: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let nonce: [u8; NONCE] = self.env.bytes();
        let ciphertext = provider::encrypt(self.key(key_id)?, &nonce, &**data_key, context)?;
        Ok([&nonce[..], &ciphertext].concat())
    }

    async fn unwrap(&self, key_id: &str, wrapped: &[u8], context: &[u8]) -> Result<DataKey, Error> {
        let (nonce, ciphertext) = wrapped.split_first_chunk::<NONCE>().ok_or(Error::Format)?;
        let plaintext = provider::decrypt(self.key(key_id)?, nonce, ciphertext, context)?;
        let bytes: &[u8; 32] = plaintext.as_slice().try_into().map_err(|_| Error::Format)?;
        Ok(DataKey::new(*bytes))
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keyring({})", self.fingerprint())
    }
}

fn format_key(key: &DataKey) -> Zeroizing<String> {
    Zeroizing::new(BASE64_STANDARD.encode(**key))
}

fn parse_key(text: &str) -> Option<DataKey> {
    let bytes = Zeroizing::new(BASE64_STANDARD.decode(text).ok()?);
    let bytes: &[u8; 32] = bytes.as_slice().try_into().ok()?;
    Some(DataKey::new(*bytes))
}
