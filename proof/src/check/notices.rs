//! I13: every message that must be sent reaches its recipient once or a few times, or is given up openly.

use std::collections::{BTreeMap, HashMap, HashSet};

use ring::digest;

use super::facts::{Facts, order_name};
use super::index::rows;
use super::input::Sent;
use super::ops::text;
use super::verdict::{Found, Judged};
use crate::views::{Attempt, Notice, Order};

/// Nobody may get one message more often than this.
const MOST: usize = 5;

/// What the shop must read when an order gets there.
const TO_SHOP: [(&str, &str); 8] = [
    ("SENT_TO_VENDOR", "order_placed"),
    ("REFUSED", "order_refused"),
    ("ACCEPTED", "vendor_assigned"),
    ("PACKING", "order_packing"),
    ("DISPATCHED", "order_dispatched"),
    ("OUT_FOR_DELIVERY", "order_out_for_delivery"),
    ("COMPLETED", "order_completed"),
    ("CANCELLED", "order_cancelled"),
];

/// I13.
pub(super) fn reach(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    let post = Post::of(facts);
    if facts.ops.quiescent() {
        for order in &facts.last.views.orders {
            found.case();
            required(facts, order, &mut found);
        }
    }
    let recipients = recipients(facts);
    for notice in &facts.last.views.notice {
        found.case();
        ends(facts, notice, &mut found);
        tries(facts, notice, &mut found);
        if let Some(post) = &post {
            post.accepted(facts, notice, &mut found);
        }
        to_the_right_one(facts, notice, &recipients, &mut found);
    }
    if let Some(post) = &post {
        post.unmatched(facts, &mut found);
    }
    Judged::Checked(found)
}

/// Every message that the order's history asks for was written.
fn required(facts: &Facts<'_>, order: &Order, found: &mut Found) {
    let entity = order_name(&order.order_id);
    let notices = rows(&facts.last.notices, &order.order_id);
    let count = |template: &str| {
        notices
            .iter()
            .filter(|n| n.template == template && n.part == 1)
            .count()
    };
    for (state, template) in TO_SHOP {
        let n = count(template);
        if facts.last.was(&order.order_id, state) {
            found.must(n >= 1, &entity, || {
                format!("was {state} and the shop was not told ({template})")
            });
        }
        let copies = notices.iter().any(|n| n.dedup_key.ends_with(":template"));
        found.must(n <= 1 || template == "vendor_assigned" || copies, &entity, || {
            format!("the shop was told {template} in {n} messages")
        });
    }
    if !order.invoice_number.is_empty() {
        found.must(count("order_delivered") >= 1, &entity, || {
            "is posted and the shop was not told".to_owned()
        });
    }
    let asked = rows(&facts.last.assignments, &order.order_id);
    let asked = asked
        .iter()
        .filter(|a| a.method != "operator" && !matches!(a.answer.as_str(), "MOVING" | "STOCK_SHORT"));
    // a choice that was withdrawn may have been withdrawn before he was asked
    let asked = asked.filter(|a| a.answer != "WITHDRAWN").count();
    found.must(count("vendor_offer") >= asked, &entity, || {
        format!("{asked} vendors were asked with {} offers", count("vendor_offer"))
    });
}

/// A message ends: with its recipient, or given up with a reason.
fn ends(facts: &Facts<'_>, notice: &Notice, found: &mut Found) {
    let entity = notice_name(notice);
    match notice.state.as_str() {
        "SENT" | "DELIVERED" | "READ" | "ESCALATED" | "FAILED" => {}
        "QUEUED" | "SENDING" => {
            // where an answer was lost the provider is asked for minutes before anything else is done
            let looking = waits_for_a_lost_answer(facts, notice);
            found.must(looking || !facts.ops.quiescent(), &entity, || {
                format!("still {}", notice.state)
            });
        }
        state => found.wrong(&entity, format!("is {state}, which is no state")),
    }
}

fn waits_for_a_lost_answer(facts: &Facts<'_>, notice: &Notice) -> bool {
    let line = facts
        .last
        .views
        .notice
        .iter()
        .filter(|other| other.to_hash == notice.to_hash);
    let mut open = line.filter(|other| matches!(other.state.as_str(), "QUEUED" | "SENDING"));
    open.any(|other| {
        rows(&facts.last.attempts, &other.notice_id)
            .last()
            .is_some_and(|last| unknown(last))
    })
}

/// Whether the provider may have it though we do not know.
fn unknown(attempt: &Attempt) -> bool {
    matches!(attempt.result.as_str(), "" | "ambiguous")
}

/// Tries are counted, and nothing is tried after a final no.
fn tries(facts: &Facts<'_>, notice: &Notice, found: &mut Found) {
    let entity = notice_name(notice);
    let tries = rows(&facts.last.attempts, &notice.notice_id);
    let counted = i64::try_from(tries.len()) == Ok(notice.attempts);
    let gap_free = (1_i64..).zip(tries).all(|(n, one)| one.n == n);
    found.must(counted && gap_free, &entity, || {
        format!("says {} tries, has {}", notice.attempts, tries.len())
    });
    let resent = facts.ops.of_kind("resend").next().is_some();
    let after_no = tries
        .windows(2)
        .find(|pair| matches!(pair[0].result.as_str(), "permanent" | "accepted"));
    if let Some(pair) = after_no.filter(|_| !resent) {
        let evidence = pair.iter().map(|one| format!("{one:?}")).collect();
        found.shown(
            &entity,
            format!("try {} followed one that was {}", pair[1].n, pair[0].result),
            evidence,
        );
    }
}

/// The provider's side.
struct Post<'a> {
    by_notice: HashMap<&'a str, Vec<&'a Sent>>,
    by_ref: HashMap<&'a str, Vec<&'a Sent>>,
    sent: &'a [Sent],
}

impl<'a> Post<'a> {
    fn of(facts: &Facts<'a>) -> Option<Self> {
        let sent = facts.run.provider.as_ref()?;
        let mut post = Self {
            by_notice: HashMap::new(),
            by_ref: HashMap::new(),
            sent,
        };
        for one in sent.iter().filter(|one| one.accepted()) {
            if one.notice.is_empty() {
                post.by_ref.entry(&one.reference).or_default().push(one);
            } else {
                post.by_notice.entry(&one.notice).or_default().push(one);
            }
        }
        Some(post)
    }

    /// What the provider took of a message, as far as it can be told apart.
    fn taken(&self, facts: &Facts<'_>, notice: &Notice) -> Vec<&'a Sent> {
        let mut taken = self
            .by_notice
            .get(notice.notice_id.as_str())
            .cloned()
            .unwrap_or_default();
        let refs = rows(&facts.last.attempts, &notice.notice_id)
            .iter()
            .map(|one| one.provider_ref.as_str());
        let refs: HashSet<&str> = refs
            .chain([notice.provider_ref.as_str()])
            .filter(|r| !r.is_empty())
            .collect();
        taken.extend(refs.into_iter().filter_map(|r| self.by_ref.get(r)).flatten());
        taken
    }

    /// Taken at least once when it says so, at most once more than there were lost answers, and by its recipient.
    fn accepted(&self, facts: &Facts<'_>, notice: &Notice, found: &mut Found) {
        if notice.provider == "simulator" {
            return;
        }
        let entity = notice_name(notice);
        let taken = self.taken(facts, notice);
        let tries = rows(&facts.last.attempts, &notice.notice_id);
        let lost = tries.iter().filter(|one| unknown(one)).count();
        let known = tries.iter().filter(|one| one.result == "accepted").count();
        let says_so = matches!(notice.state.as_str(), "SENT" | "DELIVERED" | "READ");
        found.must(!says_so || !taken.is_empty(), &entity, || {
            format!(
                "is {} ({}) and no provider took it",
                notice.state, notice.provider_ref
            )
        });
        let most = (known.min(1) + lost).min(MOST);
        found.must(taken.len() <= most, &entity, || {
            format!(
                "its recipient has it {} times; {known} tries were taken, {lost} answers were lost",
                taken.len()
            )
        });
        for one in taken {
            found.must(recipient(one) == notice.to_hash, &entity, || {
                "went to somebody else".to_owned()
            });
            amounts(facts, notice, one, found);
        }
    }

    /// What the provider took and we never learnt the id of: not more than answers were lost, for each recipient.
    fn unmatched(&self, facts: &Facts<'_>, found: &mut Found) {
        let mut lost: HashMap<&str, usize> = HashMap::new();
        let mut known: HashSet<&str> = HashSet::new();
        for notice in &facts.last.views.notice {
            known.extend([notice.notice_id.as_str(), notice.provider_ref.as_str()]);
            for one in rows(&facts.last.attempts, &notice.notice_id) {
                known.insert(&one.provider_ref);
                *lost.entry(&notice.to_hash).or_insert(0) += usize::from(unknown(one));
            }
        }
        known.remove("");
        let strange =
            |one: &&Sent| !known.contains(one.notice.as_str()) && !known.contains(one.reference.as_str());
        let mut strangers: BTreeMap<String, usize> = BTreeMap::new();
        for one in self.sent.iter().filter(|one| one.accepted()).filter(strange) {
            *strangers.entry(recipient(one)).or_insert(0) += 1;
        }
        for (to, n) in strangers {
            found.case();
            let most = lost.get(to.as_str()).copied().unwrap_or(0);
            found.must(n <= most, &format!("recipient {to}"), || {
                format!("got {n} messages that nobody knows of; {most} answers were lost")
            });
        }
    }
}

/// Who got it, as the views say it.
fn recipient(sent: &Sent) -> String {
    sha(&format!("+{}", sent.to.trim_start_matches('+')))
}

/// The text shows the order's own amount.
fn amounts(facts: &Facts<'_>, notice: &Notice, sent: &Sent, found: &mut Found) {
    let order = facts.last.orders.get(notice.order_id.as_str());
    let told = matches!(notice.template.as_str(), "order_placed" | "order_delivered") && notice.parts == 1;
    let Some(order) = order.filter(|_| told && !sent.text.is_empty()) else {
        return;
    };
    let total = rupees(order.total_paisa);
    found.must(sent.text.contains(&total), &order_name(&order.order_id), || {
        format!(
            "{} does not name its total of {total}: {:?}",
            notice.template, sent.text
        )
    });
}

/// `Rs 1,23,456.78`, without decimals when whole.
pub(super) fn rupees(paisa: i64) -> String {
    let (whole, part) = (paisa.unsigned_abs() / 100, paisa.unsigned_abs() % 100);
    let digits = whole.to_string();
    let (head, tail) = digits.split_at(digits.len().saturating_sub(3));
    let mut groups = Vec::new();
    let mut rest = head;
    while !rest.is_empty() {
        let (left, group) = rest.split_at(rest.len().saturating_sub(2));
        groups.insert(0, group);
        rest = left;
    }
    groups.push(tail);
    let sign = if paisa < 0 { "-" } else { "" };
    let decimals = if part == 0 {
        String::new()
    } else {
        format!(".{part:02}")
    };
    format!("{sign}Rs {}{decimals}", groups.join(","))
}

/// Phones of shops and vendors, as the history knows them.
fn recipients(facts: &Facts<'_>) -> HashMap<String, HashSet<String>> {
    let mut phones: HashMap<String, HashSet<String>> = HashMap::new();
    for op in &facts.ops.all {
        let answer = op.ok().map(|event| &event.v);
        let id = match op.f {
            "account" => answer.map_or("", |v| text(v, "retailer")),
            "vendor" => answer.map_or("", |v| text(v, "vendor")),
            "message" => text(op.asked(), "party"),
            _ => "",
        };
        let phone = text(op.asked(), "phone");
        if !id.is_empty() && !phone.is_empty() {
            phones.entry(id.to_owned()).or_default().insert(sha(phone));
        }
    }
    phones
}

/// Messages about an order go to its shop, those for vendors to somebody who was asked for it.
fn to_the_right_one(
    facts: &Facts<'_>,
    notice: &Notice,
    phones: &HashMap<String, HashSet<String>>,
    found: &mut Found,
) {
    let Some(order) = facts.last.orders.get(notice.order_id.as_str()) else {
        return;
    };
    if notice.template == "order_escalated_operator" {
        return;
    }
    let to_shop = notice.template.starts_with("order_") || notice.template == "vendor_assigned";
    // an answer goes to whoever wrote; those to vendors say so in their names
    let to_vendor = !to_shop && notice.template.starts_with("vendor_");
    let asked = rows(&facts.last.assignments, &order.order_id);
    let shop = (!to_vendor).then_some(order.retailer.as_str());
    let vendors = asked.iter().map(|offer| offer.vendor.as_str());
    let parties: Vec<&str> = shop.into_iter().chain(vendors.filter(|_| !to_shop)).collect();
    let known: Vec<_> = parties.iter().filter_map(|party| phones.get(*party)).collect();
    if known.len() < parties.len() || known.is_empty() {
        return;
    }
    let right = known.iter().any(|phones| phones.contains(&notice.to_hash));
    found.must(right, &notice_name(notice), || {
        format!(
            "{} of {} goes to none of {parties:?}",
            notice.template, order.order_id
        )
    });
}

fn notice_name(notice: &Notice) -> String {
    format!("notice {}", notice.notice_id)
}

/// Lower hex SHA-256 of a text.
pub(super) fn sha(text: &str) -> String {
    use std::fmt::Write as _;
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
