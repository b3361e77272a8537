//! The signed addresses that files are served by.
//!
//! `/media/{tenant}/{id}/{variant}?exp=<unix seconds>&sig=<HMAC-SHA256, base64url>`. An address
//! is the permission: it needs no log-in, and it ends. Its end is rounded, so that the same file
//! has the same address for hours and a browser finds it in its cache.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use kernel::{TenantId, Timestamp};
use sha2::Sha256;

use super::ContentId;

/// Seconds for which every address given out stays the same. It is good for at least as long,
/// and for at most twice as long.
const PERIOD: i64 = 12 * 60 * 60;

/// Signs addresses and checks them.
#[derive(Clone)]
pub struct Signer {
    key: Hmac<Sha256>,
}

impl Signer {
    /// A signer with the given key.
    pub fn new(key: &[u8; 32]) -> Self {
        // HMAC fills a key that is shorter than its block with zeros (RFC 2104 §2).
        let mut block = [0; 64];
        block[..key.len()].copy_from_slice(key);
        Self {
            key: Hmac::new(&block.into()),
        }
    }

    /// An address of the file's variant, relative to the server.
    pub fn sign(&self, tenant: TenantId, id: ContentId, variant: &str, now: Timestamp) -> String {
        self.address(
            tenant,
            id,
            variant,
            (now.as_seconds().div_euclid(PERIOD) + 2) * PERIOD,
        )
    }

    /// An address of the file's variant that ends with the hour after `until`.
    pub fn sign_until(
        &self,
        tenant: TenantId,
        id: ContentId,
        variant: &str,
        until: Timestamp,
    ) -> String {
        const HOUR: i64 = 60 * 60;
        self.address(
            tenant,
            id,
            variant,
            (until.as_seconds().div_euclid(HOUR) + 1) * HOUR,
        )
    }

    fn address(&self, tenant: TenantId, id: ContentId, variant: &str, expires: i64) -> String {
        let signature = self
            .over(tenant, id, variant, expires)
            .finalize()
            .into_bytes();
        let signature = URL_SAFE_NO_PAD.encode(signature);
        format!("/media/{tenant}/{id}/{variant}?exp={expires}&sig={signature}")
    }

    /// Whether `signature` is ours for this address. Takes equally long for every wrong one.
    pub fn is_valid(
        &self,
        tenant: TenantId,
        id: ContentId,
        variant: &str,
        expires: i64,
        signature: &str,
    ) -> bool {
        URL_SAFE_NO_PAD.decode(signature).is_ok_and(|bytes| {
            self.over(tenant, id, variant, expires)
                .verify_slice(&bytes)
                .is_ok()
        })
    }

    fn over(&self, tenant: TenantId, id: ContentId, variant: &str, expires: i64) -> Hmac<Sha256> {
        self.key
            .clone()
            .chain_update(format!("media\n{tenant}\n{id}\n{variant}\n{expires}"))
    }
}

#[cfg(test)]
mod tests {
    use kernel::Env;

    use super::*;

    fn parts(address: &str) -> (i64, String) {
        let (_, query) = address.split_once("?exp=").unwrap();
        let (expires, signature) = query.split_once("&sig=").unwrap();
        (expires.parse().unwrap(), signature.to_owned())
    }

    #[test]
    fn an_address_is_good_for_its_file_and_time_alone() {
        let env = Env::system();
        let (tenant, other, id) = (env.id(), env.id(), env.id());
        let signer = Signer::new(&[7; 32]);
        let (expires, signature) = parts(&signer.sign(tenant, id, "original.jpg", env.now()));
        assert!(signer.is_valid(tenant, id, "original.jpg", expires, &signature));
        assert!(!signer.is_valid(other, id, "original.jpg", expires, &signature));
        assert!(!signer.is_valid(tenant, env.id(), "original.jpg", expires, &signature));
        assert!(!signer.is_valid(tenant, id, "thumbnail.jpg", expires, &signature));
        assert!(!signer.is_valid(tenant, id, "original.jpg", expires + 1, &signature));
        assert!(!signer.is_valid(tenant, id, "original.jpg", expires, ""));
        assert!(!signer.is_valid(tenant, id, "original.jpg", expires, &signature[1..]));
        assert!(!Signer::new(&[8; 32]).is_valid(tenant, id, "original.jpg", expires, &signature));
    }

    #[test]
    fn an_address_for_a_network_lasts_as_long_as_asked() {
        let env = Env::system();
        let (tenant, id, until) = (env.id(), env.id(), env.now());
        let signer = Signer::new(&[7; 32]);
        let (expires, signature) = parts(&signer.sign_until(tenant, id, "a.mp4", until));
        assert!((0..=3600).contains(&(expires - until.as_seconds())));
        assert!(signer.is_valid(tenant, id, "a.mp4", expires, &signature));
    }

    #[test]
    fn an_address_stays_the_same_for_hours() {
        let env = Env::system();
        let (tenant, id) = (env.id(), env.id());
        let signer = Signer::new(&[7; 32]);
        let start = Timestamp::from_micros(PERIOD * 40_000 * 1_000_000);
        let at = |seconds: u64| {
            signer.sign(
                tenant,
                id,
                "a.jpg",
                start + std::time::Duration::from_secs(seconds),
            )
        };
        assert_eq!(at(0), at(PERIOD as u64 - 1));
        assert_ne!(at(0), at(PERIOD as u64));
        assert!(parts(&at(PERIOD as u64 - 1)).0 - start.as_seconds() >= PERIOD);
    }
}
