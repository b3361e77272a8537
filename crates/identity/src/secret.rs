//! Random secrets that are handed out once and stored only as a hash.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Env;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A new secret of 256 random bits, in the base64url alphabet.
pub(crate) fn generate(env: &Env) -> String {
    URL_SAFE_NO_PAD.encode(Zeroizing::new(env.bytes::<32>()))
}

/// What is stored of a secret. A plain hash is enough, for nobody can guess 256 random bits.
pub(crate) fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
