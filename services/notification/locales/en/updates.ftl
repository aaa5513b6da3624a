### Stock and prices that a vendor tells.

vendor-update = Your update:
# $name (Text) Product name.
# $now (Text) How much there shall be.
# $before (Text) How much there is.
vendor-update-stock = - { $name }: { $now } in stock, { $before } before
# $name (Text) Product name.
# $now (Money) What a sale unit shall cost.
# $before (Money) What it costs.
vendor-update-price = - { $name }: { $now } without VAT, { $before } before
# $name (Text) Product name.
# $now (Text) How much there shall be.
vendor-update-stock-now = - { $name }: { $now } in stock
# $name (Text) Product name.
# $now (Money) What a sale unit shall cost.
vendor-update-price-now = - { $name }: { $now } without VAT
# $name (Text) Product name.
vendor-update-not-offered = You do not offer { $name } yet; a person will see to it.
# $words (Text) The words.
vendor-update-unclear = I did not understand "{ $words }", so it changes nothing.
vendor-update-reply = Reply CONFIRM to apply it or CANCEL to drop it.
# At most 20 characters, like every button.
vendor-update-confirm = Confirm
vendor-update-cancel = Cancel
vendor-update-done = This is in force now:
# $name (Text) Product name.
# $reserved (Text) How much is promised to orders.
vendor-update-reserved = { $name } was not changed: { $reserved } are promised to orders.
# $name (Text) Product name.
vendor-update-refused = { $name }: not everything could be changed. Please call us.
vendor-update-dropped = Nothing was changed.
vendor-update-none = No update of yours waits. Write your stock and prices, for example: RICE-JEERA-25KG 50 bora, 2150
vendor-help-update = Stock and prices: write them, for example RICE-JEERA-25KG 50 bora, 2150
# $name (Text) Product name.
# $figures (Text) What is said of it: "40 sacks or 30 sacks".
vendor-update-twice = { $name }: { $figures }? You wrote both, so it changes nothing; please write it once more.
# $price (Money) Price of one unit.
vendor-update-at = { $price }
vendor-update-example = Write for example: RICE-JEERA-25KG 50 bora @ 2150
