quote-sums =
    Jamma: { $subtotal }
    VAT: { $vat }
    Kul jamma: { $total }
    Yaspachhi lina milne udharo: { $left }
quote-reply = Pakka garna CONFIRM, sachyauna CHANGE, chhodna CANCEL lekhnuhos. Yi mulya { $minutes } minute samma manya chhan.
quote-confirm = Pakka garne
quote-change = Sachyaune
quote-cancel = Chhodne

quote-credit-sums =
    Kul jamma: { $total }
    Lina milne udharo: { $left }
quote-credit-short = Yo tapaile lina milne udharo bhanda { $short } badhi chha, tyasaile ahile order hudaina. Kamtima { $short } tirnuhos wa sano order lekhnuhos.

quote-stock-none =
    { $name } sakieko chha; tapaile { $asked } magnubhaeko thiyo.
    Kripaya yo narakhi wa arko saman rakhera pheri order lekhnuhos.
quote-stock-short =
    { $name } pugdo chhaina. Tapaile mageko: { $asked }. Upalabdha: { $available }.
    Kripaya { $available } wa tyo bhanda kam rakhera pheri order lekhnuhos.

no-single-vendor = Yi sabai saman eutai thok byapari sanga chhainan:
no-single-vendor-split = Kripaya dui order ma bandera ek-ek gari pathaunuhos.

quote-expired = Yi mulya ko samaya sakiyo, tyasaile order bhaeko chhaina. Ahileko mulya ma tapaiko list pathaudai chhau.
quote-cancelled = Kehi order garieko chhaina. Chahieko bela naya order lekhnuhos.
