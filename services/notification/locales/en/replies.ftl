### Chat replies.

welcome =
    Welcome to Khaacho. This number is not registered yet, so we cannot take orders from it.
    Ask our team to register your shop. After that you order right here, on credit.
# $phone (Text) Phone of the people who register shops.
welcome-call =
    Welcome to Khaacho. This number is not registered yet, so we cannot take orders from it.
    Call { $phone } to register your shop. After that you order right here, on credit.

# $reason (Text) Why, as a sentence.
account-blocked = Your account cannot order now. { $reason }
# $phone (Text) Phone of the people who can lift it.
account-blocked-call = Call { $phone } to settle it.

help =
    How to order: write how much of what, for example
    { -example-order }
    or by product code: RICE-JEERA-25KG x 2
    We answer with prices and your credit, and you reply CONFIRM, CHANGE or CANCEL.

    Other words:
    STATUS - your latest orders; STATUS { -example-number } - one order
    CANCEL { -example-number } - cancel an order before delivery
    BALANCE - what you owe and the credit you have left
    LANGUAGE - the language of our answers
    HELP - this message
# $phone (Text) Phone for everything else.
help-call = Call { $phone } for anything else.

# $shop (Text) Name of the shop.
greeting =
    Namaste, { $shop }! Write your order, for example: { -example-order }
    Reply HELP to see what else you can ask.

thanks = You are welcome! Write your next order whenever you need something.

# Sentences that say what is wrong may follow.
not-understood = Sorry, I could not read that.
not-understood-example =
    Write how much of what, for example: { -example-order }
    Reply HELP to see what else you can ask.

# $phrase (Text) The words that match nothing.
unknown-product = I do not know the product "{ $phrase }". Please write its name another way, or its product code.
# $phrase (Text) The words that match nothing; products that may be meant follow.
unknown-product-meant = I do not know the product "{ $phrase }". Did you mean one of these?
unknown-product-again = Please write your order again with the name or the code.

# $name (Text) Product name.
# $sku (Text) Catalogue number.
# $price (Text) What it costs, in words.
product = { $name } ({ $sku }), { $price }
# $price (Money) The lowest price of one sale unit.
price-from = from { $price }
price-none = nobody offers it now

# $phrase (Text) The words that match several products; the products follow.
choose-product = Which "{ $phrase }" do you mean?
choose-product-reply = Reply with the number.
# $more (Number) How many more products fit and are not listed, at least one.
choose-product-more =
    { $more ->
        [one] One more fits: if you mean that, send your list again with more of its name.
       *[other] { $more } more fit: if you mean one of those, send your list again with more of its name.
    }
# Opens the list; at most 20 characters.
choose-product-button = Choose

nothing-to-confirm =
    There is nothing to confirm. Write your order, for example: { -example-order }
    Reply STATUS to see your orders.

# $number (Text) What was typed as a number.
not-found-order =
    I find no order { $number } of yours. An order number looks like { -example-number }.
    Reply STATUS to see your latest orders.

try-again-later = Sorry, something on our side does not work right now. Please write to us again in a few minutes.
