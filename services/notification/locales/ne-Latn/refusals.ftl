order-state =
    { $status ->
        [placed] darta
        [pending] darta
        [routed] darta
        [sent_to_vendor] thok byapari ko jawaph parkhadai
        [accepted] swikar
        [packing] pack hudai
        [dispatched] pathaieko
        [out_for_delivery] bato ma
        [delivered] aaipugeko
        [completed] pura
        [cancelled] radda
        [refused] huna nasakeko
       *[other] { $words }
    }

refused-order-unknown = Yasto order chhaina.
refused-quote-unknown = Yasto list chhaina.
refused-quote-expired = Mulya das minute ko lagi matra thiyo; naya mulya magnuhos.
refused-quote-used = Yo list { $order } number ma order bhaisakeko chha.
refused-already = Order { $order } ko awastha pahilyai yahi chha: { $status }.
refused-wrong-status = Order { $order } ko ahileko awastha: { $status }. Tyasaile "{ $wanted }" huna sakdaina.
refused-stale = Order { $order } bich mai pherieko chha.
refused-not-your-offer = Order { $order } arko thok byapari lai sodhieko chha.
refused-offer-gone = Order { $order } aba lina mildaina.
refused-reason-missing = Kripaya order number pachhi karan pani lekhnuhos. Thok byapari le order liisakeko chha.
vendor-refused-reason-missing = Kripaya order number pachhi karan pani lekhnuhos.
