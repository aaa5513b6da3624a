### Answers that say no.

# $status (Text) Status of an order that something cannot be done in, or that it cannot get.
# $words (Text) The same in plain words, for a status that is not listed here.
order-state =
    { $status ->
        [placed] placed
        [pending] pending
        [routed] routed
        [sent_to_vendor] sent to vendor
        [accepted] accepted
        [packing] packing
        [dispatched] dispatched
        [out_for_delivery] out for delivery
        [delivered] delivered
        [completed] completed
        [cancelled] cancelled
        [refused] refused
       *[other] { $words }
    }

refused-order-unknown = There is no such order.
refused-quote-unknown = There is no such quote.
refused-quote-expired = The prices were bound for ten minutes; ask for a new quote.
# $order (Text) Number of the order.
refused-quote-used = The quote has become order { $order } already.
# $order (Text) Number of the order.
# $status (Text) Its status in words.
refused-already = Order { $order } is { $status } already.
# $order (Text) Number of the order.
# $status (Text) Its status in words.
# $wanted (Text) The status that was wanted, in words.
refused-wrong-status = Order { $order } is { $status } and cannot become { $wanted }.
# $order (Text) Number of the order.
refused-stale = Order { $order } has changed since it was read.
# $order (Text) Number of the order.
refused-not-your-offer = Order { $order } is offered to another wholesaler.
# $order (Text) Number of the order.
refused-offer-gone = Order { $order } is not on offer any more.
refused-reason-missing = Please write the reason too, after the order number. The wholesaler has taken it already.
vendor-refused-reason-missing = Please write the reason too, after the order number.
