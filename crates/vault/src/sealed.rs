//! The byte format of a sealed secret, version 1. Numbers are big-endian.
//!
//! | bytes | what |
//! |---|---|
//! | 3 | `ALV`, the magic by which a sealed secret is recognised |
//! | 1 | version: 1 |
//! | 1 | *k*, the length of the key-encryption key's id |
//! | *k* | that id, UTF-8 |
//! | 2 | *w*, the length of the wrapped data key |
//! | *w* | the data key, wrapped by that key; its form is the [`KeyProvider`](crate::KeyProvider)'s own |
//! | 12 | nonce |
//! | rest | AES-256-GCM ciphertext, its 16-byte tag at the end |
//!
//! The additional authenticated data is everything before the nonce, followed by the context.

use crate::Error;

const MAGIC: [u8; 3] = *b"ALV";
const VERSION: u8 = 1;
/// Bytes of an AES-GCM nonce.
pub(crate) const NONCE: usize = 12;

/// A sealed secret, taken apart.
pub(crate) struct Sealed<'a> {
    pub(crate) key_id: &'a str,
    pub(crate) wrapped_key: &'a [u8],
    pub(crate) nonce: [u8; NONCE],
    pub(crate) ciphertext: &'a [u8],
}

impl<'a> Sealed<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let take = |bytes: &'a [u8], n: usize| bytes.split_at_checked(n).ok_or(Error::Format);
        let (head, rest) = bytes.split_first_chunk::<5>().ok_or(Error::Format)?;
        let [m0, m1, m2, version, key_id_length] = *head;
        if [m0, m1, m2] != MAGIC || version != VERSION {
            return Err(Error::Format);
        }
        let (key_id, rest) = take(rest, usize::from(key_id_length))?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(Error::Format)?;
        let (wrapped_key, rest) = take(rest, usize::from(u16::from_be_bytes(*length)))?;
        let (nonce, ciphertext) = rest.split_first_chunk().ok_or(Error::Format)?;
        Ok(Self {
            key_id: str::from_utf8(key_id).map_err(|_| Error::Format)?,
            wrapped_key,
            nonce: *nonce,
            ciphertext,
        })
    }

    fn header(&self) -> Result<Vec<u8>, Error> {
        let key_id_length = u8::try_from(self.key_id.len()).map_err(|_| Error::TooLarge)?;
        let length = u16::try_from(self.wrapped_key.len()).map_err(|_| Error::TooLarge)?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend([VERSION, key_id_length]);
        bytes.extend_from_slice(self.key_id.as_bytes());
        bytes.extend(length.to_be_bytes());
        bytes.extend_from_slice(self.wrapped_key);
        Ok(bytes)
    }

    /// What the ciphertext is bound to: the header and the context.
    pub(crate) fn bind(&self, context: &[u8]) -> Result<Vec<u8>, Error> {
        let mut bytes = self.header()?;
        bytes.extend_from_slice(context);
        Ok(bytes)
    }

    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let mut bytes = self.header()?;
        bytes.extend(self.nonce);
        bytes.extend_from_slice(self.ciphertext);
        Ok(bytes)
    }
}
