//! Mesh tokens: who calls, whom, for whom, until when.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use khaacho_config::Secret;
use khaacho_fault::Fault;
use khaacho_planted::{self as planted, Bug};
use khaacho_proto::Role;
use ring::hmac;
use serde::{Deserialize, Serialize};

use crate::principal::Principal;

/// A token lives this long; calls are short and clocks differ by little.
const LIFE_SECONDS: i64 = 30;
/// How far apart the clocks of two services may be.
const SKEW_SECONDS: i64 = 5;
/// Metadata key of the token.
pub(crate) const HEADER: &str = "x-khaacho-mesh";

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Calling service.
    pub iss: String,
    /// Called service.
    pub aud: String,
    /// Subject of the principal.
    pub sub: String,
    /// Role of the principal, by its number in the contracts.
    pub role: i32,
    /// Scope of the principal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// What caused the call: id of a message, job or request.
    pub cause: String,
    /// Expiry, Unix seconds.
    pub exp: i64,
}

impl Claims {
    /// The principal that the claims name. A role that is not known is refused.
    pub fn principal(&self) -> Result<Principal, Fault> {
        let role = Role::try_from(self.role).map_err(|_| Fault::unauthenticated())?;
        Ok(Principal {
            subject: self.sub.clone(),
            role,
            scope: self.scope.clone(),
        })
    }
}

/// The keys of the mesh, one per calling service, derived from one secret.
#[derive(Clone)]
pub struct MeshKeys {
    root: hmac::Key,
}

impl std::fmt::Debug for MeshKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MeshKeys([REDACTED])")
    }
}

impl MeshKeys {
    /// Keys from the mesh secret, which must have at least 32 bytes.
    pub fn new(secret: &Secret) -> Result<Self, Fault> {
        if secret.expose().len() < 32 {
            return Err(Fault::invalid(
                "KHAACHO_MESH_SECRET",
                "must have at least 32 characters",
            ));
        }
        Ok(Self {
            root: hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes()),
        })
    }

    fn of(&self, caller: &str) -> hmac::Key {
        let derived = hmac::sign(&self.root, format!("khaacho mesh caller {caller}").as_bytes());
        hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref())
    }

    /// Signs a token for one call from `caller` to `callee`.
    pub fn sign(&self, caller: &str, callee: &str, principal: &Principal, cause: &str, now: i64) -> String {
        let claims = Claims {
            iss: caller.to_owned(),
            aud: callee.to_owned(),
            sub: principal.subject.clone(),
            role: principal.role as i32,
            scope: principal.scope.clone(),
            cause: cause.to_owned(),
            exp: now + LIFE_SECONDS,
        };
        let body = serde_json::to_vec(&claims).expect("claims are plain strings and numbers");
        let tag = hmac::sign(&self.of(caller), &body);
        format!("{}.{}", BASE64.encode(body), BASE64.encode(tag))
    }

    /// Checks signature, audience and expiry. The answer to every defect is the same `UNAUTHENTICATED`.
    pub fn verify(&self, token: &str, callee: &str, now: i64) -> Result<Claims, Fault> {
        let (body, tag) = token.split_once('.').ok_or_else(Fault::unauthenticated)?;
        let body = BASE64.decode(body).map_err(|_| Fault::unauthenticated())?;
        let tag = BASE64.decode(tag).map_err(|_| Fault::unauthenticated())?;
        let claims: Claims = serde_json::from_slice(&body).map_err(|_| Fault::unauthenticated())?;
        let unsigned = planted::on(Bug::AlgorithmOfToken) && tag.is_empty();
        if !unsigned {
            hmac::verify(&self.of(&claims.iss), &body, &tag).map_err(|_| Fault::unauthenticated())?;
        }
        let fresh =
            now.saturating_sub(SKEW_SECONDS) <= claims.exp && claims.exp <= now + LIFE_SECONDS + SKEW_SECONDS;
        if claims.aud != callee || !fresh {
            return Err(Fault::unauthenticated());
        }
        Ok(claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(secret: &str) -> MeshKeys {
        MeshKeys::new(&Secret::new(secret)).expect("long enough")
    }

    #[test]
    fn only_a_fresh_token_for_this_callee_under_this_secret_passes() {
        let ours = keys("0123456789abcdef0123456789abcdef");
        let theirs = keys("fedcba9876543210fedcba9876543210");
        let principal = Principal {
            subject: "key_1".into(),
            role: Role::Owner,
            scope: None,
        };
        let token = ours.sign("gateway", "order", &principal, "req_1", 1000);
        let claims = ours.verify(&token, "order", 1010).expect("fresh");
        assert_eq!(
            (claims.iss.as_str(), claims.principal().expect("known role")),
            ("gateway", principal)
        );
        assert!(ours.verify(&token, "credit", 1010).is_err(), "another audience");
        assert!(ours.verify(&token, "order", 1036).is_err(), "expired");
        assert!(ours.verify(&token, "order", 960).is_err(), "from the future");
        assert!(theirs.verify(&token, "order", 1010).is_err(), "another secret");
    }

    #[test]
    fn an_expiry_at_the_end_of_numbers_is_refused_and_nothing_overflows() {
        let ours = keys("0123456789abcdef0123456789abcdef");
        for exp in [i64::MAX, i64::MIN] {
            let claims = Claims {
                exp,
                ..serde_json::from_slice(&claims_of(&ours)).expect("claims")
            };
            let body = serde_json::to_vec(&claims).expect("claims");
            let tag = hmac::sign(&ours.of("gateway"), &body);
            let token = format!("{}.{}", BASE64.encode(&body), BASE64.encode(tag.as_ref()));
            assert!(ours.verify(&token, "order", 1000).is_err(), "{exp}");
        }
    }

    fn claims_of(keys: &MeshKeys) -> Vec<u8> {
        let token = keys.sign("gateway", "order", &Principal::service("gateway"), "c", 1000);
        let (body, _) = token.split_once('.').expect("two parts");
        BASE64.decode(body).expect("base64")
    }

    #[test]
    fn a_token_cannot_be_relabelled_to_another_caller() {
        let ours = keys("0123456789abcdef0123456789abcdef");
        let token = ours.sign(
            "notification",
            "credit",
            &Principal::service("notification"),
            "c",
            1000,
        );
        let (body, tag) = token.split_once('.').expect("two parts");
        let text = String::from_utf8(BASE64.decode(body).expect("base64")).expect("utf-8");
        let forged = BASE64.encode(text.replace("\"iss\":\"notification\"", "\"iss\":\"order\""));
        assert!(ours.verify(&format!("{forged}.{tag}"), "credit", 1000).is_err());
        for junk in ["", ".", "a.b", "e30.e30"] {
            assert!(ours.verify(junk, "credit", 1000).is_err());
        }
    }

    #[test]
    fn short_secrets_are_refused() {
        assert!(MeshKeys::new(&Secret::new("short")).is_err());
    }
}
