### What a shop has said or paid before.

recalled = As you chose before:
recalled-others = As other shops call it:
# $phrase (Text) What the shop calls a product.
# $name (Text) Product name.
recalled-item = - "{ $phrase }": { $name }
recalled-forget = To be asked again, write FORGET and the word.

# $phrase (Text) What the shop calls a product.
# $name (Text) Product name.
forgotten = Done. I will ask you again what you mean by "{ $phrase }". Until now it was { $name }.
# $phrase (Text) The words.
forgotten-nothing = You have not told me before what you mean by "{ $phrase }".

prices-changed = These prices have changed since then:
# $name (Text) Product name.
# $before (Money) What one sale unit cost.
# $now (Money) What it costs.
prices-changed-item = - { $name }: { $before } before, { $now } now

# The products follow, to choose from like in a question.
choose-instead = Choose what to take instead:
