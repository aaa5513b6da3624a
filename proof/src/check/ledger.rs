//! I7 and I17: the journal balances, and every amount is what it must be.

use std::collections::{BTreeMap, HashMap};

use super::facts::{Facts, order_name, retailer_name};
use super::index::{Index, rows};
use super::verdict::{Found, Judged};
use crate::views::{Order, OrderLine, Payment};

/// VAT of taxable goods, in basis points.
const VAT_BP: i64 = 1300;

/// I7: entries balance, and everything that is derived from them agrees.
pub(super) fn balanced(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    entries(&facts.last, &mut found);
    subledger(&facts.last, &mut found);
    Judged::Checked(found)
}

/// I17: amounts of orders, holds, entries and invoices are one calculation.
pub(super) fn money(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    for order in &facts.last.views.orders {
        found.case();
        order_sums(&facts.last, order, &mut found);
        posted(&facts.last, order, &mut found);
    }
    for op in facts
        .ops
        .all
        .iter()
        .filter(|op| matches!(op.f, "order" | "get_order"))
    {
        for answer in op.oks() {
            let order = facts.last.orders.get(super::ops::text(&answer.v, "order_id"));
            let told = super::ops::number(&answer.v, "total_paisa");
            let (Some(order), Some(told)) = (order, told) else {
                continue;
            };
            found.must(told == order.total_paisa, &order_name(&order.order_id), || {
                format!(
                    "op {} was told a total of {told} paisa, it is {}",
                    op.id, order.total_paisa
                )
            });
        }
    }
    Judged::Checked(found)
}

/// Every entry has two lines or more that are not zero and sum to zero; so does the whole journal; an account owes
/// what its receivable says.
pub(super) fn entries(index: &Index<'_>, found: &mut Found) {
    let mut balances: BTreeMap<&str, i128> = BTreeMap::new();
    for entry in &index.views.entry {
        found.case();
        let entity = format!("entry {} of {}", entry.entry_id, entry.retailer);
        let lines = rows(&index.lines, &entry.entry_id);
        let sum: i128 = lines.iter().map(|line| i128::from(line.amount_paisa)).sum();
        let zero = lines.iter().any(|line| line.amount_paisa == 0);
        if sum != 0 || lines.len() < 2 || zero {
            let evidence = lines.iter().map(|line| format!("{line:?}")).collect();
            let message = format!("{} lines of it sum to {sum} paisa", lines.len());
            found.shown(&entity, message, evidence);
        }
        let known = matches!(entry.kind.as_str(), "delivery" | "payment" | "opening_balance");
        found.must(known, &entity, || {
            format!("is a {}, which nobody knows", entry.kind)
        });
    }
    let known: std::collections::HashSet<&str> =
        index.views.entry.iter().map(|e| e.entry_id.as_str()).collect();
    for line in &index.views.line {
        *balances.entry(&line.account).or_insert(0) += i128::from(line.amount_paisa);
        found.must(
            known.contains(line.entry_id.as_str()),
            &format!("entry {}", line.entry_id),
            || "has lines and does not exist".to_owned(),
        );
    }
    let trial: i128 = balances.values().sum();
    found.must(trial == 0, "journal", || {
        format!("all accounts of the ledger sum to {trial} paisa")
    });
    for account in &index.views.account {
        let receivable = balances
            .remove(format!("receivable:{}", account.retailer).as_str())
            .unwrap_or(0);
        found.must(
            receivable == i128::from(account.owed_paisa),
            &retailer_name(&account.retailer),
            || format!("owes {} paisa, the ledger says {receivable}", account.owed_paisa),
        );
    }
    for (account, balance) in balances
        .into_iter()
        .filter(|(account, _)| account.starts_with("receivable:"))
    {
        found.wrong(account, format!("{balance} paisa are owed by nobody"));
    }
}

/// Invoices and payments are open by what was not allocated, and an account owes the difference.
fn subledger(index: &Index<'_>, found: &mut Found) {
    let mut of_invoice: HashMap<&str, i64> = HashMap::new();
    let mut of_payment: HashMap<&str, i64> = HashMap::new();
    for allocation in &index.views.allocation {
        *of_invoice.entry(&allocation.invoice_id).or_insert(0) += allocation.amount_paisa;
        *of_payment.entry(&allocation.payment_id).or_insert(0) += allocation.amount_paisa;
    }
    let mut open: HashMap<&str, i64> = HashMap::new();
    for invoice in &index.views.invoice {
        found.case();
        let paid = of_invoice.remove(invoice.invoice_id.as_str()).unwrap_or(0);
        *open.entry(&invoice.retailer).or_insert(0) += invoice.open_paisa;
        let (left, amount) = (invoice.open_paisa, invoice.amount_paisa);
        let entity = format!("invoice {} of {}", invoice.number, invoice.retailer);
        found.must(left == amount - paid && left >= 0, &entity, || {
            format!("{left} of {amount} paisa are open, {paid} were paid")
        });
    }
    for payment in &index.views.payment {
        let used = of_payment.remove(payment.payment_id.as_str()).unwrap_or(0);
        *open.entry(&payment.retailer).or_insert(0) -= payment.unallocated_paisa;
        paid(index, payment, used, found);
    }
    for id in of_invoice.into_keys().chain(of_payment.into_keys()) {
        found.wrong(id, "was allocated and does not exist".to_owned());
    }
    let opening = |entry: &crate::views::Entry| entry.kind == "opening_balance";
    if index.views.entry.iter().any(opening) {
        return;
    }
    for account in &index.views.account {
        let (owed, net) = (
            account.owed_paisa,
            open.get(account.retailer.as_str()).copied().unwrap_or(0),
        );
        found.must(net == owed, &retailer_name(&account.retailer), || {
            format!("owes {owed} paisa; open invoices minus advances make {net}")
        });
    }
}

/// A payment is left by what no invoice used, and its entry takes it off the debt.
fn paid(index: &Index<'_>, payment: &Payment, used: i64, found: &mut Found) {
    found.case();
    let (left, amount) = (payment.unallocated_paisa, payment.amount_paisa);
    let entity = format!("payment {} of {}", payment.payment_id, payment.retailer);
    found.must(left == amount - used && left >= 0, &entity, || {
        format!("{left} of {amount} paisa are left, {used} were used")
    });
    let receivable = format!("receivable:{}", payment.retailer);
    let mut lines = rows(&index.lines, &payment.entry_id).iter();
    let credit = lines.any(|line| line.account == receivable && line.amount_paisa == -amount);
    found.must(credit, &entity, || {
        format!(
            "entry {} does not take {amount} paisa off the debt",
            payment.entry_id
        )
    });
}

/// A product of two amounts over a divisor, rounded half away from zero.
fn share(amount: i128, by: i128, over: i128) -> i128 {
    let product = amount * by;
    let half = if product < 0 { -over / 2 } else { over / 2 };
    (product + half) / over
}

/// Lines, subtotal, VAT once on the sum of the taxable lines, total.
fn order_sums(index: &Index<'_>, order: &Order, found: &mut Found) {
    let entity = order_name(&order.order_id);
    let lines = rows(&index.order_lines, &order.order_id);
    found.must(!lines.is_empty(), &entity, || "has no lines".to_owned());
    for line in lines {
        let amount = share(
            i128::from(line.unit_price_paisa),
            i128::from(line.quantity_milli),
            1000,
        );
        found.must(amount == i128::from(line.amount_paisa), &entity, || {
            let (price, milli, was) = (line.unit_price_paisa, line.quantity_milli, line.amount_paisa);
            format!(
                "line {}: {milli} milli at {price} paisa are {amount}, not {was}",
                line.n
            )
        });
        let known = matches!(line.vat_bp, 0 | VAT_BP) && line.quantity_milli > 0 && line.unit_price_paisa > 0;
        found.must(known, &entity, || {
            format!(
                "line {} has an impossible price, quantity or tax: {line:?}",
                line.n
            )
        });
    }
    let sum = |wanted: fn(&OrderLine) -> bool| -> i128 {
        lines
            .iter()
            .filter(|line| wanted(line))
            .map(|line| i128::from(line.amount_paisa))
            .sum()
    };
    let subtotal = sum(|_| true);
    let vat = share(sum(|line| line.vat_bp > 0), i128::from(VAT_BP), 10_000);
    let row = (order.subtotal_paisa, order.vat_paisa, order.total_paisa);
    let right = [i128::from(row.0), i128::from(row.1), i128::from(row.2)] == [subtotal, vat, subtotal + vat];
    found.must(right, &entity, || {
        format!(
            "subtotal, VAT and total are {row:?} paisa; its lines make {:?}",
            (subtotal, vat, subtotal + vat)
        )
    });
}

/// Hold, entry and invoice have the order's amounts.
fn posted(index: &Index<'_>, order: &Order, found: &mut Found) {
    let entity = order_name(&order.order_id);
    for hold in rows(&index.holds, &order.order_id)
        .iter()
        .filter(|hold| hold.amount_paisa != 0)
    {
        found.must(hold.amount_paisa == order.total_paisa, &entity, || {
            format!(
                "{} of its {} paisa are held",
                hold.amount_paisa, order.total_paisa
            )
        });
    }
    let vendor = order.vendor_paisa.unwrap_or(order.subtotal_paisa);
    let wanted = [
        (format!("receivable:{}", order.retailer), order.total_paisa),
        (format!("payable:{}", order.vendor), -vendor),
        ("vat_payable".to_owned(), -order.vat_paisa),
        (
            "revenue".to_owned(),
            -(order.total_paisa - order.vat_paisa - vendor),
        ),
    ];
    for entry in rows(&index.deliveries, &order.order_id) {
        let mut lines: BTreeMap<&str, i64> = BTreeMap::new();
        for line in rows(&index.lines, &entry.entry_id) {
            *lines.entry(&line.account).or_insert(0) += line.amount_paisa;
        }
        for (account, amount) in &wanted {
            let there = lines.remove(account.as_str()).unwrap_or(0);
            found.must(there == *amount, &entity, || {
                format!(
                    "entry {} has {there} paisa for {account}, not {amount}",
                    entry.entry_id
                )
            });
        }
        for (account, amount) in lines {
            found.wrong(
                &entity,
                format!("entry {} has {amount} paisa for {account}", entry.entry_id),
            );
        }
    }
    for invoice in rows(&index.invoices, &order.order_id) {
        let row = (invoice.amount_paisa, invoice.vat_paisa, invoice.vendor_paisa);
        let right = (order.total_paisa, order.vat_paisa, vendor);
        found.must(
            row == right && invoice.retailer == order.retailer,
            &entity,
            || {
                format!(
                    "invoice {} says {row:?} paisa, the order {right:?}",
                    invoice.number
                )
            },
        );
    }
}
