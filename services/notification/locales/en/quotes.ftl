### Messages about a basket that is not an order yet.

# $subtotal (Money) Sum of the lines.
# $vat (Money) VAT.
# $total (Money) To pay.
# $left (Money) Credit that would be left after this order.
quote-sums =
    Subtotal: { $subtotal }
    VAT: { $vat }
    Total: { $total }
    Credit left after it: { $left }
# $minutes (Number) Minutes until the prices are not bound any more.
quote-reply =
    Reply CONFIRM to place it, CHANGE to correct it or CANCEL to drop it. These prices hold for { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    }.
# At most 20 characters, like every button.
quote-confirm = Confirm
quote-change = Change
quote-cancel = Cancel

# $total (Money) What the basket costs.
# $left (Money) Credit that is left.
quote-credit-sums =
    Total: { $total }
    Credit left: { $left }
# $short (Money) What is missing.
quote-credit-short = This is { $short } more than your credit allows, so it cannot be placed yet. Pay at least { $short } or write a smaller order.

# $name (Text) Product name.
# $asked (Text) How much was asked for.
quote-stock-none =
    { $name } is out of stock; you asked for { $asked }.
    Please write your order again without it, or with another product.
# $name (Text) Product name.
# $asked (Text) How much was asked for.
# $available (Text) How much there is.
quote-stock-short =
    There is not enough of { $name }. You asked for: { $asked }. Available: { $available }.
    Please write your order again with { $available } or less.

no-single-vendor = No wholesaler has all of this together:
no-single-vendor-split = Please split it into two orders and send them one by one.

quote-expired = These prices have expired, so nothing was ordered. Your basket follows at the prices of now.
quote-cancelled = Nothing was ordered. Write a new order whenever you like.
