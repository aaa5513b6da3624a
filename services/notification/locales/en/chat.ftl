### Answers to lists, questions and sentences in a chat.

# Ends somebody's own words in the letters of the language.
full-stop = .

# $unit (Text) Unit of sale or measure, never empty, without a quantity.
unit-alone = { $unit ->
    [kg] kilo
    [g] gram
    [l] litre
    [ml] millilitre
    [quintal] quintal
    [dozen] dozen
    [piece] piece
    [packet] packet
    [bottle] bottle
    [jar] jar
    [tin] tin
    [sack] sack
    [carton] carton
    [crate] crate
    [box] box
    [strip] strip
    [bundle] bundle
    [pair] pair
    [pau] pau
   *[other] { $unit }
}
# $unit (Text) Unit in words.
# $factor (Number) Sale units in it.
pack-of = { $unit } of { $factor }
# $one (Text) One quantity.
# $other (Text) Another one.
either = { $one } or { $other }

basket-waits = Your basket still waits: reply CONFIRM to place it, CHANGE to correct it or CANCEL to drop it.
list-empty = Then nothing is left in the list. Send another one whenever you like.
list-again = Send the whole list again as it should be, for example: { -example-order }
nothing-to-cancel = There is nothing to cancel here. To cancel an order, write CANCEL and its number.
nothing-to-repeat = There is no order of yours to repeat yet. Send the list of what you need.
# $order (Text) Number of the order.
order-repeated = Your order { $order } again, at the prices of today:
which-order = Which order? Write COMPLETE and its number.
answer-unclear = I do not understand that, so a person will have a look. You can still answer this:

# $problems (Text) Why, without full stop.
not-changed = Nothing was changed: { $problems }.
# $max (Number) Most things of one message.
problem-too-many = at most { $max } things in one message; send the rest in another one
# $max (Number) Most things of one list.
problem-list-too-long = a list has at most { $max } things
# $phrase (Text) The words that match nothing.
problem-unknown = not understood: "{ $phrase }"
# $phrase (Text) The words that match nothing.
# $near (Text) Names of products.
problem-unknown-near = not understood: "{ $phrase }"; near: { $near }
# $quantity (Text) What was written.
# $phrase (Text) The words for the product.
problem-not-possible = { $quantity } of "{ $phrase }" is not possible
problem-impossible = a product, unit or quantity in it is not possible
# $phrase (Text) The words for the product.
problem-not-in-basket = "{ $phrase }" is not in the basket
# $phrase (Text) The words for the product.
problem-unclear-removal = "{ $phrase }" fits several things or none: write its whole name to take it out
# $name (Text) What was given as a product.
problem-no-product = there is no product { $name }
# $name (Text) Product name.
problem-that-unit = { $name } is not sold by that unit
# $name (Text) Product name.
# $unit (Text) Unit in words.
problem-unit = { $name } is not sold by the { $unit }
# $name (Text) Product name.
# $amount (Text) How much was asked for.
problem-whole-only = { $name } is only sold whole, not { $amount }
# $name (Text) Product name.
# $least (Number) Least quantity.
problem-below-minimum = { $name } is only sold from { $least } up by those who have it

# $words (Text) The words, in quotation marks.
words-unknown = I did not understand { $words }.
word-places-basket = To place the basket, write CONFIRM.
word-drops-list = To drop the list, write CANCEL.
word-cancels-order = To cancel an order, write CANCEL and its number.
word-confirms-receipt = To confirm that an order has come, write COMPLETE and its number.
word-repeats-order = Ask for your last order again in a message of its own.
word-of-help = Reply HELP to see what you can write.

# $phrase (Text) The words that match nothing.
ask-name = I do not know "{ $phrase }". Write its name in another way, or SKIP to leave it out of the list.
# $name (Text) Product name.
ask-not-sold-so = { $name } is not sold like that.
# $name (Text) Product name.
ask-whole-only = { $name } is sold in whole packs only.
# $name (Text) Product name.
ask-quantity = How much { $name }?
# $units (Text) Units in words.
ask-sold-by = It is sold by { $units }.
# $unit (Text) Unit in words.
ask-number-means = A number alone means { $unit }.
ask-or-skip = SKIP leaves it out of the list.

# $name (Text) Product name.
price-line-none = { $name }: nobody offers it now.
there-in-stock = in stock
there-out-of-stock = out of stock now
# $name (Text) Product name.
# $price (Money) The lowest price of one sale unit.
# $unit (Text) The sale unit in words.
# $there (Text) Whether it is there.
price-line = { $name }: from { $price } a { $unit }, without VAT; { $there }.
# $name (Text) Product name.
# $price (Money) The lowest price of one sale unit.
# $unit (Text) The sale unit in words.
# $total (Money) Price of one pack.
# $pack (Text) The pack in words.
# $there (Text) Whether it is there.
price-line-pack = { $name }: from { $price } a { $unit }, { $total } a { $pack }, without VAT; { $there }.
# $more (Number) Products that are not listed.
prices-more = … and { $more } more; write more of the name to see them.
# $phrase (Text) The words that match nothing.
prices-unknown = I do not know "{ $phrase }".
prices-of-what = Write the name of a product to see what it costs and whether it is there.

statement-none = Nothing was ever written on your account.
statement = Your account, newest first:
# $kind (Text) What was booked.
# $words (Text) The same in plain words, for what is not listed here.
entry-kind =
    { $kind ->
        [delivery] delivery
        [payment] payment
        [opening_balance] opening balance
       *[other] { $words }
    }
# $kind (Text) What was booked, in words.
# $amount (Money) How much.
entry-more = { $kind }, { $amount } more owed
# $kind (Text) What was booked, in words.
# $amount (Money) How much.
entry-less = { $kind }, { $amount } less owed
# $day (Day) When it counts.
# $entry (Text) What was booked and how much.
entry-of-day = { $day }: { $entry }

matter-asked = A person will write to you or call you.
matter-claim = Thank you. A person will check the payment and record it; your balance changes then.
# $amount (Money) What was paid.
matter-claim-of = Thank you. A person will check the payment of { $amount } and record it; your balance changes then.
matter-promise = Thank you. A person will note that you will pay.
# $amount (Money) What will be paid.
matter-promise-of = Thank you. A person will note that you will pay { $amount }.
matter-sorry = We are sorry. A person will look into what you wrote.
# $order (Text) Number of the order.
matter-sorry-for = We are sorry. A person will look into what you wrote about { $order }.
matter-stop = A person will see to it that you get no more messages than your orders need.
matter-start = A person will see to it that our messages reach you.
matter-change = An order that is placed can only be changed by a person, who will have a look.
matter-partial-accept = A person will see how you can supply a part of it. Until then the order waits for your ACCEPT or DECLINE.
matter-stock-update = A person will write down your stock and your prices.
matter-sent = A person will look at what you sent.
# $phone (Text) Phone for what is urgent.
matter-call = If it is urgent, call { $phone }.

# $kind (Text) What came.
media-unread =
    We got your { $kind ->
        [image] picture
        [audio] voice message
        [video] video
        [document] document
        [sticker] sticker
        [order] catalogue order
       *[other] message
    }. A person will see to it. What you write as text is answered at once.
location-noted = We got the place that you sent, and a person will see to it. Until then your goods go where your account says.
contacts-noted = We got the contact that you sent, and a person will see to it. Only the phones of your account can order.

# $order (Text) Number of the order.
basket-placed = This basket was already placed as { $order }, and nothing was ordered again. Write STATUS { $order } to see how it stands.
# $order (Text) Number of the order.
basket-placed-cancel = This basket was already placed as { $order }. Write CANCEL { $order } to cancel that order, or send another list.

# $undone (Text) What a button was for and did not do.
nothing-done =
    { $undone ->
        [chosen] nothing was chosen
        [ordered] nothing was ordered
        [dropped] nothing was dropped
       *[changed] nothing was changed
    }
# $of (Text) What the button belonged to.
# $undone (Text) What was not done, in words.
outdated-replaced =
    That { $of ->
        [question] question
       *[basket] basket
    } was replaced, so { $undone }.
# $of (Text) What the button belonged to.
# $undone (Text) What was not done, in words.
outdated-gone =
    That { $of ->
        [question] question
       *[basket] basket
    } does not wait any more, so { $undone }.
outdated-nothing = Send the list of what you need.
outdated-question = This question is open now:
outdated-basket = This basket waits now:
