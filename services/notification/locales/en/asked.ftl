### What is asked back when a wholesaler writes a sentence about an order.

# $order (Text) Number of the order.
vendor-ask-takes = Do you take order { $order }?
# $order (Text) Number of the order.
vendor-ask-refuses = Do you not take order { $order }?
# $order (Text) Number of the order.
vendor-ask-left = Has order { $order } left?
# $order (Text) Number of the order.
vendor-ask-left-unpacked = Has order { $order } left? You have not told me yet that it is being packed.
# $order (Text) Number of the order.
vendor-ask-left-before = Order { $order } is noted as dispatched already. Is it on its way to the shop now?
# $order (Text) Number of the order.
vendor-ask-left-untaken = Order { $order } is not yours yet, it waits for your answer. Do you take it?

# $order (Text) Number of the order.
# $minutes (Number) Minutes that are left to answer.
vendor-ask-answer-within =
    Nothing is done yet. Within { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    }, reply ACCEPT { $order } to take it, or DECLINE { $order } and the reason.
# $order (Text) Number of the order.
vendor-ask-answer = Nothing is done yet. Reply ACCEPT { $order } to take it, or DECLINE { $order } and the reason.
# $order (Text) Number of the order.
vendor-ask-dispatched = Nothing is written down yet. If so, reply DISPATCHED { $order }.
# $order (Text) Number of the order.
vendor-ask-packing = Nothing is written down yet. Reply PACKING { $order } first, and then DISPATCHED { $order }.
# $order (Text) Number of the order.
vendor-ask-out = Nothing is written down yet. If so, reply OUT { $order }.

# At most 20 characters, like every button.
vendor-button-packing = Packing
vendor-button-dispatched = Dispatched
vendor-button-out = On its way

vendor-which-takes = Which order do you take?
vendor-which-refuses = Which order do you not take?
vendor-which-left = Which order has left?
# $shop (Text) Name of the shop.
# $total (Money) What the wholesaler gets.
vendor-which-line = { $shop }, { $total }
vendor-which-reply = Nothing is done yet. Choose one, or write its line as it stands here up to the number.
vendor-which-more = There are more; write the word with the number of the one that you mean.
# At most 20 characters, like every button.
vendor-which-button = Choose

# $order (Text) Number of the order.
vendor-partial = Order { $order }, as I understand you:
# $order (Text) Number of the order.
vendor-partial-unread = Order { $order }: I did not understand what of it you can supply.
# $name (Text) Product name.
# $amount (Text) How much was ordered.
vendor-partial-all = - { $name }: all { $amount }
# $name (Text) Product name.
# $can (Text) How much he can supply.
# $amount (Text) How much was ordered.
vendor-partial-some = - { $name }: { $can } of { $amount }
# $name (Text) Product name.
# $amount (Text) How much was ordered.
vendor-partial-none = - { $name }: none of { $amount }
# $name (Text) Product name.
# $amount (Text) How much was ordered.
vendor-partial-unsaid = - { $name }: { $amount }, you have not said
# $words (Text) What was written.
vendor-partial-foreign = No line of this order is "{ $words }".
# $words (Text) What was written.
vendor-partial-unclear = I did not understand "{ $words }".
# $order (Text) Number of the order.
vendor-partial-offered = Nothing is changed: an order is taken as a whole or not at all. A person will see how you can supply a part of it. If you take all of it after all, reply ACCEPT { $order }; if not, DECLINE { $order } and the reason.
# $minutes (Number) Minutes that are left to answer.
vendor-partial-within =
    It waits for you { $minutes ->
        [one] 1 more minute
       *[other] { $minutes } more minutes
    }; then it is not yours to take any more.
vendor-partial-taken = Nothing is changed: you have taken the whole order. A person will see to it.
vendor-partial-which = Which order do you mean? Please write it again with its number:
vendor-partial-more = There are more; ORDERS lists yours.
