//! The ideas that words stand for. A word may stand for several.

/// One idea.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Idea {
    // what binds a message together
    And,
    Or,
    Correct,
    NotAfter,
    NotBefore,
    Except,
    Of,
    From,
    To,
    Instead,
    MakeIt,
    Big,
    Small,
    Loose,
    Filler,
    // doing
    Send,
    Need,
    Do,
    Add,
    Remove,
    Set,
    Only,
    // asking
    HowMuch,
    Where,
    When,
    What,
    Is,
    CanYou,
    Ask,
    // things
    OrderWord,
    Goods,
    MessageWord,
    List,
    Price,
    Discount,
    StockWord,
    BalanceWord,
    StatementWord,
    Month,
    Previous,
    Same,
    Again,
    Mine,
    // events
    Cancel,
    Stop,
    Start,
    Yes,
    Arrived,
    Coming,
    Load,
    Late,
    Broken,
    Missing,
    Wrong,
    Spoiled,
    Dear,
    Bad,
    Return,
    Paid,
    WillPay,
    PayWord,
    Channel,
    SoldOut,
    Cannot,
    AcceptWord,
    Person,
    Call,
    Talk,
    Help,
    How,
    Hello,
    Thanks,
    Rest,
    All,
    Good,
    Later,
    Future,
    Now,
    Sorry,
    Service,
    BillWord,
    Money,
    Receive,
    Existing,
    Status,
    Track,
    Nahi,
    WillSend,
    No,
    Know,
    Old,
    Today,
    Much,
    If,
    Weak,
    Were,
    Each,
    NotCome,
}

/// A set of ideas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ideas(u128);

impl Ideas {
    pub fn has(self, idea: Idea) -> bool {
        self.0 & (1 << idea as u8) != 0
    }

    pub fn any(self, ideas: &[Idea]) -> bool {
        ideas.iter().any(|idea| self.has(*idea))
    }

    pub fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// What stands in both.
    pub fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl From<Idea> for Ideas {
    fn from(idea: Idea) -> Self {
        Self(1 << idea as u8)
    }
}
