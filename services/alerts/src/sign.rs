//! Signatures after the Standard Webhooks specification 1.0.0 (<https://www.standardwebhooks.com>).
//!
//! Signed is `id.timestamp.body`. `v1` is HMAC-SHA256 with a shared secret (`whsec_` and base64 of 24 to 64 bytes), `v1a`
//! Ed25519 (`whsk_` and base64 of seed and public key, which stays here; `whpk_` and base64 of the public key, which
//! the receiver has).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Least and most bytes of a shared secret, by the specification.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A text that is no key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("key: want whsec_ with base64 of 24 to 64 bytes, or whsk_ with base64 of an Ed25519 key pair")]
pub struct KeyFault;

/// What signs messages; never shown by `Debug`.
#[derive(Clone)]
pub enum Signer {
    /// HMAC-SHA256 with these bytes.
    Hmac(Vec<u8>),
    /// Ed25519.
    Ed25519(Box<SigningKey>),
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Signer::Hmac(_)) { "Signer::Hmac(…)" } else { "Signer::Ed25519(…)" })
    }
}

impl Signer {
    /// An HMAC signer of 32 random bytes.
    pub fn hmac(random: [u8; 32]) -> Signer {
        Signer::Hmac(random.to_vec())
    }

    /// An Ed25519 signer of 32 random bytes.
    pub fn ed25519(random: [u8; 32]) -> Signer {
        Signer::Ed25519(Box::new(SigningKey::from_bytes(&random)))
    }

    /// Reads `whsec_…` or `whsk_…`.
    ///
    /// # Errors
    /// [`KeyFault`].
    pub fn parse(text: &str) -> Result<Signer, KeyFault> {
        let bytes = |base64: &str| STANDARD.decode(base64).map_err(|_| KeyFault);
        if let Some(secret) = text.strip_prefix("whsec_") {
            let secret = bytes(secret)?;
            return if SECRET_BYTES.contains(&secret.len()) { Ok(Signer::Hmac(secret)) } else { Err(KeyFault) };
        }
        let pair = bytes(text.strip_prefix("whsk_").ok_or(KeyFault)?)?;
        let pair: [u8; 64] = pair.try_into().map_err(|_| KeyFault)?;
        SigningKey::from_keypair_bytes(&pair).map(|key| Signer::Ed25519(Box::new(key))).map_err(|_| KeyFault)
    }

    /// What is kept: `whsec_…` or `whsk_…`.
    pub fn to_secret(&self) -> String {
        match self {
            Signer::Hmac(secret) => format!("whsec_{}", STANDARD.encode(secret)),
            Signer::Ed25519(key) => format!("whsk_{}", STANDARD.encode(key.to_keypair_bytes())),
        }
    }

    /// What the receiver needs: the shared secret, or the public key `whpk_…`.
    pub fn for_receiver(&self) -> String {
        match self {
            Signer::Hmac(_) => self.to_secret(),
            Signer::Ed25519(key) => format!("whpk_{}", STANDARD.encode(key.verifying_key().as_bytes())),
        }
    }

    /// One signature with its version, as `webhook-signature` lists them.
    pub fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let signed = format!("{id}.{timestamp}.{body}");
        match self {
            Signer::Hmac(secret) => format!("v1,{}", STANDARD.encode(hmac_sha256(secret, signed.as_bytes()))),
            Signer::Ed25519(key) => format!("v1a,{}", STANDARD.encode(key.sign(signed.as_bytes()).to_bytes())),
        }
    }
}

/// HMAC-SHA256.
pub(crate) fn hmac_sha256(key: &[u8], data: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(data);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &str = r#"{"test": 2432232314}"#;

    /// The example of the public specification.
    #[test]
    fn hmac_is_as_the_specification_says() {
        let signer = Signer::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        assert_eq!(signer.sign(ID, 1_614_265_330, BODY), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    /// Computed with Node's own Ed25519 from a seed of 32 sevens.
    #[test]
    fn ed25519_is_as_others_compute_it() {
        let signer = Signer::ed25519([7; 32]);
        assert_eq!(signer.for_receiver(), "whpk_6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=");
        let expected = "v1a,2iFnCkcL0nCB7d0lgaT5vmGnQgJl4zcl9qd7UbPYvulcwR3MRYzjXT2JCSEV4dFH3XNALA4OW0zY5fFdGv9GBA==";
        assert_eq!(signer.sign(ID, 1_614_265_330, BODY), expected);
    }

    #[test]
    fn keys_come_back_as_they_were_kept() {
        for signer in [Signer::hmac([3; 32]), Signer::ed25519([9; 32])] {
            let read = Signer::parse(&signer.to_secret()).unwrap();
            assert_eq!(read.sign(ID, 1, BODY), signer.sign(ID, 1, BODY));
            assert!(!format!("{signer:?}").contains("whs"));
        }
        for bad in ["", "whsec_", "whsec_AAAA", "whsk_AAAA", "whpk_AAAA", "whsec_***"] {
            assert_eq!(Signer::parse(bad).err(), Some(KeyFault), "{bad}");
        }
    }
}
