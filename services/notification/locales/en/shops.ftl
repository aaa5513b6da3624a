### Somebody who acts for several shops.

which-shop = For which shop is this?
which-shop-reply = Reply with the number or the name of the shop.
# $words (Text) What was written and is answered next.
which-shop-waits = Then I will answer "{ $words }".
which-shop-resend = After that, please send this again: I can keep only text until then.
# At most 20 characters, like every button.
which-shop-button = Choose

# $shop (Text) Name of the shop. Another message follows.
for-shop = For { $shop }:

# $shop (Text) Name of the shop.
shop-chosen = From now on I act for { $shop }. To change that, write SHOP.
shop-chosen-dropped = The list of the other shop is gone; nothing of it was ordered.
# $shop (Text) Name of the shop that the button belongs to.
other-shop = That button belongs to a list of { $shop }, so nothing was done. To go on for that shop, write SHOP.
# $words (Text) What was written and is not kept.
which-shop-full = I can keep no more messages until then. After that, please send "{ $words }" again.
