use khaacho_proto::Role;

/// On whose behalf a call is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Stable name: an API key id, an account or vendor id, or the name of a service.
    pub subject: String,
    /// What it may do.
    pub role: Role,
    /// Id of its own account or vendor, for the roles that only see their own things.
    pub scope: Option<String>,
}

impl Principal {
    /// A mesh service acting for itself.
    pub fn service(name: impl Into<String>) -> Self {
        Self {
            subject: name.into(),
            role: Role::Service,
            scope: None,
        }
    }

    /// The account it is confined to; `None` when it may see all accounts.
    pub fn own_account(&self) -> Option<&str> {
        (self.role == Role::Retailer).then(|| self.scope.as_deref().unwrap_or(""))
    }

    /// The vendor it is confined to; `None` when it may see all vendors.
    pub fn own_vendor(&self) -> Option<&str> {
        (self.role == Role::Vendor).then(|| self.scope.as_deref().unwrap_or(""))
    }

    /// Whether it may see and change things of this account.
    pub fn owns_account(&self, account_id: &str) -> bool {
        self.own_account().is_none_or(|own| own == account_id)
    }

    /// Whether it may see and change things of this vendor.
    pub fn owns_vendor(&self, vendor_id: &str) -> bool {
        self.own_vendor().is_none_or(|own| own == vendor_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retailer_owns_its_account_and_nothing_else() {
        let shop = Principal {
            subject: "acc_1".into(),
            role: Role::Retailer,
            scope: Some("acc_1".into()),
        };
        assert!(shop.owns_account("acc_1") && !shop.owns_account("acc_2"));
        let lost = Principal {
            subject: "x".into(),
            role: Role::Retailer,
            scope: None,
        };
        assert!(!lost.owns_account("acc_1"));
        assert!(Principal::service("order").owns_account("acc_2"));
    }
}
