### Messages to vendors.

# $status (Text) Status of an order in a vendor's list.
# $words (Text) The same in plain words, for a status that is not listed here.
vendor-status =
    { $status ->
        [placed] placed
        [pending] pending
        [routed] routed
        [sent_to_vendor] waiting for your answer
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

# $status (Text) Status of an order that the vendor has taken.
# $words (Text) The same in plain words, for a status that is not listed here.
vendor-status-taken =
    { $status ->
        [accepted] accepted
        [packing] being packed
        [dispatched] dispatched
        [out_for_delivery] out for delivery
        [delivered] delivered
        [completed] completed
        [cancelled] cancelled
       *[other] { $words }
    }

# $shop (Text) Name of the shop.
shop-place = Shop: { $shop }
# $shop (Text) Name of the shop.
# $municipality (Text) Where it is.
shop-place-in = Shop: { $shop }, { $municipality }

# $order (Text) Number of the order.
vendor-offer = New order { $order }
# $total (Money) What the vendor gets for all lines.
vendor-offer-total = Total at your prices: { $total }
# $order (Text) Number of the order.
# $minutes (Number) Minutes to answer.
vendor-offer-reply =
    Reply ACCEPT { $order } within { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    }, or DECLINE { $order } and the reason.
# At most 20 characters, like every button.
vendor-offer-accept = Accept
vendor-offer-decline = Decline

# $order (Text) Number of the order.
# $status (Text) Status in words.
vendor-order-yours = Order { $order } is yours, it is { $status }.
# $phone (Text) Whom to call.
vendor-order-yours-call = You took it, so it cannot be declined here. Call { $phone } if you cannot deliver it.

# $order (Text) Number of the order.
vendor-offer-won = Order { $order } is yours, the shop has been told.
# $phone (Text) Phone of the shop.
vendor-offer-won-phone = Phone: { $phone }
# $order (Text) Number of the order.
vendor-offer-won-pack = Please pack it. Reply PACKING { $order } when you start and DISPATCHED { $order } when it leaves.

# $order (Text) Number of the order.
# $why (Text) Why, as a sentence.
vendor-offer-lost = Order { $order } is not yours. { $why } Please do not pack it.

# $order (Text) Number of the order.
vendor-offer-declined = Noted: you do not take order { $order }. Thank you for the quick answer.

# $order (Text) Number of the order.
vendor-order-cancelled = Order { $order } is cancelled. Please stop packing it; your stock is free again.
# $order (Text) Number of the order.
# $reason (Text) Why, as a sentence.
vendor-order-cancelled-because = Order { $order } is cancelled. { $reason } Please stop packing it; your stock is free again.

# $order (Text) Number of the order.
vendor-not-yours = Order { $order } is not waiting for your answer. Reply ORDERS to see the orders that are.

vendor-help =
    What you can write:
    ORDERS - orders that wait for you or are with you
    ACCEPT { -example-number } - take an order
    DECLINE { -example-number } out of rice - refuse it, with the reason
    PACKING { -example-number } - you started to pack it
    DISPATCHED { -example-number } - it left your store
    OUT { -example-number } - it is on its last leg
    DELIVERED { -example-number } - the shop has it
    LANGUAGE - the language of our answers
    HELP - this message

vendor-orders-none = No orders wait for you and none are with you.
vendor-orders = Your orders:
# $order (Text) Number of the order.
# $status (Text) Status in words.
# $shop (Text) Name of the shop.
vendor-orders-line = { $order }: { $status }, { $shop }
# $order (Text) Number of the order.
# $status (Text) Status in words.
# $shop (Text) Name of the shop.
# $total (Money) What the vendor gets.
vendor-orders-line-priced = { $order }: { $status }, { $shop }, { $total }

# $why (Text) Why an order is not the vendor's.
# $words (Text) The same as a sentence, for what is not listed here.
vendor-offer-lost-why =
    { $why ->
        [not_on_offer] It is not on offer any more.
        [cancelled] The order was cancelled.
        [asked_another] Another wholesaler is asked now.
        [taken] Another wholesaler has it.
        [expired] The time to answer is over.
        [given_away] It was given to another wholesaler.
       *[other] { $words }
    }

# $order (Text) Number of the order.
# $status (Text) What the vendor has done with it.
# $words (Text) The same in plain words, for a status that is not listed here.
vendor-order-step =
    Thank you. { $order } is { $status ->
        [packing] being packed
        [dispatched] dispatched
        [out_for_delivery] out for delivery
        [delivered] delivered
       *[other] { $words }
    }.
vendor-no-order = No order of yours waits for that now. ORDERS lists yours.
vendor-which-order = Which order? Write the word and the order number, for example: ACCEPT { -example-number }. ORDERS lists yours.
# $order (Text) Number of the order.
# $shop (Text) Name of the shop.
vendor-pack-list = We have given you order { $order } of { $shop }:
