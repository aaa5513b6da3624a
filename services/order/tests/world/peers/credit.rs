//! The credit service.

use khaacho_fault::Fault;
use khaacho_money::Paisa;
use khaacho_proto::credit::v1 as credit;

use crate::world::books::{Books, Hold};
use crate::world::stage::peer;

peer!(
    Accounts,
    "khaacho.credit.v1.AccountService",
    "GetAccount" => get_account,
    "FindParty" => find_party,
    "SetLanguage" => set_language,
);
peer!(
    Holds,
    "khaacho.credit.v1.HoldService",
    "CheckCredit" => check_credit,
    "PlaceHold" => place_hold,
    "PostHold" => post_hold,
    "ReleaseHold" => release_hold,
);
peer!(
    Ledger,
    "khaacho.credit.v1.LedgerService",
    "GetBalance" => get_balance,
    "ListEntries" => list_entries,
    "ExplainCredit" => explain_credit,
);

fn get_account(
    books: &mut Books,
    asked: credit::GetAccountRequest,
) -> Result<credit::GetAccountResponse, Fault> {
    let named = |a: &&credit::Account| a.account_id == asked.account || a.code == asked.account;
    let account = books.accounts.iter().find(named).cloned();
    let account = account.ok_or_else(|| Fault::not_found("ACCOUNT_UNKNOWN"))?;
    Ok(credit::GetAccountResponse {
        account: Some(account),
    })
}

fn find_party(
    books: &mut Books,
    asked: credit::FindPartyRequest,
) -> Result<credit::FindPartyResponse, Fault> {
    if asked.phone.is_empty() && asked.user_id.is_empty() {
        return Err(Fault::invalid("phone", "a phone or a user id is needed"));
    }
    if asked.user_id.len() > 128 {
        return Err(Fault::invalid("user_id", "must have at most 128 characters"));
    }
    let own = books.accounts.iter().filter(|a| a.phones.contains(&asked.phone));
    let accounts: Vec<_> = own.cloned().collect();
    Ok(credit::FindPartyResponse {
        found: !accounts.is_empty(),
        account: accounts.first().cloned(),
        accounts,
    })
}

fn set_language(
    books: &mut Books,
    asked: credit::SetLanguageRequest,
) -> Result<credit::SetLanguageResponse, Fault> {
    let language = asked.language();
    if books.sets_language(asked.request_id, &asked.account, language) {
        let mut accounts = books.accounts.iter_mut();
        let account = accounts.find(|account| account.account_id == asked.account);
        let account = account.ok_or_else(|| Fault::not_found("ACCOUNT_UNKNOWN"))?;
        account.set_language(language);
    }
    Ok(credit::SetLanguageResponse::default())
}

fn balance(books: &Books, account_id: &str) -> credit::Balance {
    credit::Balance {
        available_paisa: books.credit_left(account_id),
        ..Default::default()
    }
}

fn check_credit(
    books: &mut Books,
    asked: credit::CheckCreditRequest,
) -> Result<credit::CheckCreditResponse, Fault> {
    let account = books
        .accounts
        .iter()
        .find(|a| a.account_id == asked.account_id)
        .expect("an account");
    let blocked = account.state() == credit::AccountState::Blocked;
    let reason = if blocked { "ACCOUNT_BLOCKED" } else { "" }.to_owned();
    let block_reason = account.block_reason.clone();
    let balance = balance(books, &asked.account_id);
    let short_paisa = (asked.amount_paisa - balance.available_paisa).max(0);
    let allowed = !blocked && short_paisa == 0;
    Ok(credit::CheckCreditResponse {
        allowed,
        balance: Some(balance),
        short_paisa,
        reason,
        block_reason,
    })
}

fn place_hold(
    books: &mut Books,
    asked: credit::PlaceHoldRequest,
) -> Result<credit::PlaceHoldResponse, Fault> {
    let response = |books: &Books| credit::PlaceHoldResponse {
        hold: None,
        balance: Some(balance(books, &asked.account_id)),
    };
    if let Some(hold) = books.holds.get(&asked.order_id) {
        if hold.state == credit::HoldState::Released {
            return Err(Fault::refused("HOLD_RELEASED"));
        }
        assert_eq!(
            (hold.amount, &hold.account_id),
            (asked.amount_paisa, &asked.account_id),
            "one hold an order"
        );
        return Ok(response(books));
    }
    let left = books.credit_left(&asked.account_id);
    if left < asked.amount_paisa {
        let sentence = format!("pay {} or order less", Paisa::new(asked.amount_paisa - left));
        return Err(Fault::refused("CREDIT_SHORT").say(sentence));
    }
    let hold = Hold {
        account_id: asked.account_id.clone(),
        amount: asked.amount_paisa,
        state: credit::HoldState::Pending,
    };
    books.holds.insert(asked.order_id.clone(), hold);
    Ok(response(books))
}

fn post_hold(books: &mut Books, asked: credit::PostHoldRequest) -> Result<credit::PostHoldResponse, Fault> {
    let hold = books
        .holds
        .get_mut(&asked.order_id)
        .ok_or_else(|| Fault::not_found("HOLD_UNKNOWN"))?;
    if hold.state == credit::HoldState::Released {
        return Err(Fault::refused("HOLD_RELEASED"));
    }
    hold.state = credit::HoldState::Posted;
    let known = books
        .postings
        .entry(asked.order_id.clone())
        .or_insert_with(|| asked.clone());
    assert_eq!(*known, asked, "a posting is repeated with the same content");
    let due_at = asked.delivered_at.map(|at| prost_types::Timestamp {
        seconds: at.seconds + 30 * 86_400,
        ..at
    });
    Ok(credit::PostHoldResponse {
        entry_id: "ent_1".to_owned(),
        invoice_number: format!("INV-{}", asked.order_number),
        due_at,
        balance: None,
    })
}

fn release_hold(
    books: &mut Books,
    asked: credit::ReleaseHoldRequest,
) -> Result<credit::ReleaseHoldResponse, Fault> {
    let tombstone = Hold {
        account_id: asked.account_id,
        amount: 0,
        state: credit::HoldState::Released,
    };
    let hold = books.holds.entry(asked.order_id).or_insert(tombstone);
    if hold.state == credit::HoldState::Posted {
        return Err(Fault::refused("HOLD_POSTED"));
    }
    hold.state = credit::HoldState::Released;
    Ok(credit::ReleaseHoldResponse::default())
}

fn get_balance(
    books: &mut Books,
    asked: credit::GetBalanceRequest,
) -> Result<credit::GetBalanceResponse, Fault> {
    Ok(credit::GetBalanceResponse {
        balance: Some(balance(books, &asked.account)),
    })
}

fn explain_credit(
    books: &mut Books,
    asked: credit::ExplainCreditRequest,
) -> Result<credit::ExplainCreditResponse, Fault> {
    let mut events = Vec::new();
    if books.holds.contains_key(&asked.order_id) {
        events.push(credit::CreditEvent {
            kind: "hold".to_owned(),
            ..Default::default()
        });
    }
    Ok(credit::ExplainCreditResponse { events })
}

/// Debts of posted holds, which is all that moves an account here.
fn list_entries(
    books: &mut Books,
    asked: credit::ListEntriesRequest,
) -> Result<credit::ListEntriesResponse, Fault> {
    let posted = books
        .holds
        .values()
        .filter(|hold| hold.account_id == asked.account && hold.state == credit::HoldState::Posted);
    let entry = |hold: &Hold| credit::Entry {
        kind: "delivery".to_owned(),
        lines: vec![credit::EntryLine {
            ledger_account: format!("receivable:{}", asked.account),
            amount_paisa: hold.amount,
        }],
        ..Default::default()
    };
    Ok(credit::ListEntriesResponse {
        entries: posted.map(entry).collect(),
        ..Default::default()
    })
}
