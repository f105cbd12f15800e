//! Who is asking: bearer tokens and login sessions.
//!
//! A token is `hy_` and 32 random bytes in hex; the store knows its SHA-256 alone. A session is a cookie of 32 random
//! bytes, stored as SHA-256 too; it is `HttpOnly` and `SameSite=Strict`. Against forged requests from other sites
//! (which `SameSite` stops in current browsers only) a request that changes something on the strength of the cookie
//! must carry `X-Huiyin-Request`, a header other sites cannot add, or an `Origin` equal to its `Host`.

pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod me;

mod attempts;
mod caller;
mod password;
mod session;
mod token;

pub(crate) use attempts::Attempts;
pub(crate) use caller::{Actor, Caller, Office, Operator, Pusher, Reader};

pub use password::{PasswordError, hash_password};
pub use token::{new_token, token_digest};
