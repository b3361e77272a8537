//! Where the key-encryption key lives, and AES-256-GCM itself.

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use async_trait::async_trait;
use zeroize::Zeroizing;

use crate::{Error, sealed::NONCE};

/// A key of 256 bits, wiped from memory when it is dropped.
pub type DataKey = Zeroizing<[u8; 32]>;

/// Wraps and unwraps data keys. The key-encryption key never leaves it.
#[async_trait]
pub trait KeyProvider: Send + Sync + 'static {
    /// The id of the key that wraps new data keys, at most 255 bytes.
    fn current(&self) -> &str;

    /// Encrypts `data_key` by the key `key_id`, bound to `context`. At most 65,535 bytes.
    async fn wrap(
        &self,
        key_id: &str,
        data_key: &DataKey,
        context: &[u8],
    ) -> Result<Vec<u8>, Error>;

    /// Decrypts what [`KeyProvider::wrap`] made for the same key and context.
    async fn unwrap(&self, key_id: &str, wrapped: &[u8], context: &[u8]) -> Result<DataKey, Error>;
}

/// Encrypts by AES-256-GCM; the tag stands at the end.
pub(crate) fn encrypt(
    key: &[u8; 32],
    nonce: &[u8; NONCE],
    plaintext: &[u8],
    bound: &[u8],
) -> Result<Vec<u8>, Error> {
    Aes256Gcm::new(key.into())
        .encrypt(
            nonce.into(),
            Payload {
                msg: plaintext,
                aad: bound,
            },
        )
        .map_err(|_| Error::TooLarge)
}

/// Decrypts what [`encrypt`] made.
pub(crate) fn decrypt(
    key: &[u8; 32],
    nonce: &[u8; NONCE],
    ciphertext: &[u8],
    bound: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    Aes256Gcm::new(key.into())
        .decrypt(
            nonce.into(),
            Payload {
                msg: ciphertext,
                aad: bound,
            },
        )
        .map(Zeroizing::new)
        .map_err(|_| Error::Refused)
}
