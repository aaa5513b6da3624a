/// A bug that can be planted. The numbers are those of the list of bugs that the checker must find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// 2: the transaction belongs to the request, and a client that leaves leaves it open.
    TransactionOfRequest,
    /// 3: a message is acknowledged before it is stored.
    AckBeforeCommit,
    /// 4: the limit is read, and the hold is written without it.
    LimitReadThenWrite,
    /// 5: a tenth more than the limit is let through.
    LimitAndATenth,
    /// 6: stock is promised without looking whether it is there.
    StockWithoutCondition,
    /// 7: releasing again gives back again.
    ReleasedTwice,
    /// 8: every attempt places a hold of its own.
    HoldPerAttempt,
    /// 9: a request id is looked for first and written last.
    FindThenCreate,
    /// 10: the body under a used request id is not compared.
    BodyNotCompared,
    /// 11: the reply is remembered in a transaction of its own.
    RememberedApart,
    /// 12: a job is handed over before the commit.
    HandedBeforeCommit,
    /// 13: jobs are read by a cursor over their numbers.
    JobsByCursor,
    /// 14: who lost his lease goes on writing.
    NoFencing,
    /// 15: a commit without an answer is reported as failed.
    CommitErrorAsFailed,
    /// 16: a posted hold can be released.
    ReleaseAfterPost,
    /// 18: an entry has a fee on one side only.
    OneLeggedFee,
    /// 19: amounts are calculated in floating point.
    FloatAmounts,
    /// 20: amounts are multiplied without a look at the range.
    UncheckedMultiply,
    /// 21: a status is set without a look at the edge.
    EdgeUnchecked,
    /// 22: a message that the provider refused is tried for ever.
    RetriedForEver,
    /// 23: a message counts as sent before it is.
    SentBeforeSending,
    /// 24: Redis alone knows what was there before.
    RedisDedupe,
    /// 27: a log line has the sender's phone.
    PhoneInLog,
    /// 28: a webhook's signature is compared with that of the body written anew.
    SignatureOfRewritten,
    /// 29: the caller's word decides how a token is proved.
    AlgorithmOfToken,
    /// 30: an order is shown without a look at whose it is.
    OrderOfAnybody,
    /// 31: credit is decided on what was true a moment ago.
    StaleDecision,
    /// 32: calls are repeated without a budget.
    RetriesWithoutBudget,
}

impl Bug {
    /// All of them.
    pub const ALL: [Self; 28] = [
        Self::TransactionOfRequest,
        Self::AckBeforeCommit,
        Self::LimitReadThenWrite,
        Self::LimitAndATenth,
        Self::StockWithoutCondition,
        Self::ReleasedTwice,
        Self::HoldPerAttempt,
        Self::FindThenCreate,
        Self::BodyNotCompared,
        Self::RememberedApart,
        Self::HandedBeforeCommit,
        Self::JobsByCursor,
        Self::NoFencing,
        Self::CommitErrorAsFailed,
        Self::ReleaseAfterPost,
        Self::OneLeggedFee,
        Self::FloatAmounts,
        Self::UncheckedMultiply,
        Self::EdgeUnchecked,
        Self::RetriedForEver,
        Self::SentBeforeSending,
        Self::RedisDedupe,
        Self::PhoneInLog,
        Self::SignatureOfRewritten,
        Self::AlgorithmOfToken,
        Self::OrderOfAnybody,
        Self::StaleDecision,
        Self::RetriesWithoutBudget,
    ];

    /// As in `KHAACHO_PLANTED`: `pb` and the number in two digits.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TransactionOfRequest => "pb02",
            Self::AckBeforeCommit => "pb03",
            Self::LimitReadThenWrite => "pb04",
            Self::LimitAndATenth => "pb05",
            Self::StockWithoutCondition => "pb06",
            Self::ReleasedTwice => "pb07",
            Self::HoldPerAttempt => "pb08",
            Self::FindThenCreate => "pb09",
            Self::BodyNotCompared => "pb10",
            Self::RememberedApart => "pb11",
            Self::HandedBeforeCommit => "pb12",
            Self::JobsByCursor => "pb13",
            Self::NoFencing => "pb14",
            Self::CommitErrorAsFailed => "pb15",
            Self::ReleaseAfterPost => "pb16",
            Self::OneLeggedFee => "pb18",
            Self::FloatAmounts => "pb19",
            Self::UncheckedMultiply => "pb20",
            Self::EdgeUnchecked => "pb21",
            Self::RetriedForEver => "pb22",
            Self::SentBeforeSending => "pb23",
            Self::RedisDedupe => "pb24",
            Self::PhoneInLog => "pb27",
            Self::SignatureOfRewritten => "pb28",
            Self::AlgorithmOfToken => "pb29",
            Self::OrderOfAnybody => "pb30",
            Self::StaleDecision => "pb31",
            Self::RetriesWithoutBudget => "pb32",
        }
    }

    /// The bug of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bug| bug.name() == name)
    }
}
