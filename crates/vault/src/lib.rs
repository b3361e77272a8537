//! Encryption of secrets at rest (envelope encryption).
//!
//! Every secret is encrypted by AES-256-GCM with a data key of its own; the data key is encrypted
//! ("wrapped") by a key-encryption key, which lives in a [`KeyProvider`]: the key file of this
//! machine ([`Keyring`]). Rotating the key-encryption key therefore never touches a secret, and a
//! stolen database is worthless without the key file.
//!
//! * [`Vault`] seals and opens secrets, each bound to its [`Context`]: the sealed secret of one
//!   record can't be passed off as another record's, or another tenant's.
//! * [`Keyring`] is the key file `keys/master.key`: made at the first start, refused when others
//!   can read it, and recognised by [`Keyring::fingerprint`]. [`Keyring::derive`] makes keys for
//!   other purposes, such as signing sessions.
//!
//! Plaintext and keys are wiped from memory when they are dropped, and no [`Error`] holds any.

mod error;
mod keyring;
mod provider;
mod sealed;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use kernel::{Env, TenantId};
pub use zeroize::Zeroizing;

use crate::sealed::Sealed;
pub use crate::{
    error::Error,
    keyring::Keyring,
    provider::{DataKey, KeyProvider},
};

/// Seals and opens secrets. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    env: Env,
    keys: Arc<dyn KeyProvider>,
}

/// What a secret belongs to. It can only be opened under the context it was sealed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context<'a> {
    /// Whose secret it is; `None` for one of the installation.
    pub tenant: Option<TenantId>,
    /// What it is for, a fixed word such as `social-account`.
    pub purpose: &'a str,
    /// Which one: the record's id or key.
    pub record: &'a [u8],
}

impl Vault {
    /// A vault whose data keys are wrapped by `keys`.
    pub fn new(env: Env, keys: impl KeyProvider) -> Self {
        Self {
            env,
            keys: Arc::new(keys),
        }
    }

    /// Encrypts `plaintext` for `context`, in the byte format that `sealed.rs` documents.
    pub async fn seal(&self, plaintext: &[u8], context: &Context<'_>) -> Result<Vec<u8>, Error> {
        let data_key = DataKey::new(self.env.bytes());
        let key_id = self.keys.current().to_owned();
        let bound = context.to_bytes();
        let wrapped_key = self.keys.wrap(&key_id, &data_key, &bound).await?;
        let nonce = self.env.bytes();
        let mut sealed = Sealed {
            key_id: &key_id,
            wrapped_key: &wrapped_key,
            nonce,
            ciphertext: &[],
        };
        let ciphertext = provider::encrypt(&data_key, &nonce, plaintext, &sealed.bind(&bound)?)?;
        sealed.ciphertext = &ciphertext;
        sealed.to_bytes()
    }

    /// Decrypts what [`Vault::seal`] made for the same `context`.
    ///
    /// Fails if a single bit of either was changed, or if its key-encryption key is not known.
    pub async fn open(
        &self,
        sealed: &[u8],
        context: &Context<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let sealed = Sealed::parse(sealed)?;
        let bound = context.to_bytes();
        let data_key = self
            .keys
            .unwrap(sealed.key_id, sealed.wrapped_key, &bound)
            .await?;
        provider::decrypt(
            &data_key,
            &sealed.nonce,
            sealed.ciphertext,
            &sealed.bind(&bound)?,
        )
    }
}

impl Context<'_> {
    /// One byte string per context: each part is preceded by its length, so that no two contexts
    /// share theirs.
    fn to_bytes(self) -> Vec<u8> {
        let tenant = self.tenant.map(|tenant| tenant.0.into_bytes());
        let parts: [&[u8]; 3] = [
            tenant.as_ref().map_or(&[], |id| id),
            self.purpose.as_bytes(),
            self.record,
        ];
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}
