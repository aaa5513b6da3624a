vendor-status =
    { $status ->
        [placed] darta bhaeko
        [pending] darta bhaeko
        [routed] darta bhaeko
        [sent_to_vendor] tapaiko jawaph parkhadai
        [accepted] swikar garieko
        [packing] pack hudai
        [dispatched] pathaieko
        [out_for_delivery] bato ma
        [delivered] pugeko
        [completed] pura bhaeko
        [cancelled] radda bhaeko
        [refused] huna nasakeko
       *[other] { $words }
    }

vendor-status-taken =
    { $status ->
        [accepted] swikar garieko
        [packing] pack hudai
        [dispatched] pathaieko
        [out_for_delivery] bato ma
        [delivered] pugeko
        [completed] pura bhaeko
        [cancelled] radda bhaeko
       *[other] { $words }
    }

shop-place = Pasal: { $shop }
shop-place-in = Pasal: { $shop }, { $municipality }

vendor-offer = Naya order { $order }
vendor-offer-total = Tapaiko mulya ma jamma: { $total }
vendor-offer-reply = Line bhae { $minutes } minute bhitra ACCEPT { $order }, naline bhae DECLINE { $order } ra karan lekhnuhos.
vendor-offer-accept = Swikar
vendor-offer-decline = Aswikar

vendor-order-yours = Order { $order } tapaikai ho. Ahileko awastha: { $status }.
vendor-order-yours-call = Tapaile liisaknubhaeko chha, tyasaile yaha bata aswikar garna mildaina. Pathauna nasakne bhae { $phone } ma phone garnuhos.

vendor-offer-won = Order { $order } tapaiko bhayo, pasal lai khabar garieko chha.
vendor-offer-won-phone = Phone: { $phone }
vendor-offer-won-pack = Kripaya pack garnuhos. Suru garda PACKING { $order } ra pathauda DISPATCHED { $order } lekhnuhos.

vendor-offer-lost = Order { $order } tapaiko hoina. { $why } Kripaya pack nagarnuhos.

vendor-offer-declined = Bujhyau, tapaile order { $order } linuhunna. Chhito jawaph ko lagi dhanyabad.

vendor-order-cancelled = Order { $order } radda bhayo. Kripaya pack nagarnuhos; tapaiko stock pheri upalabdha bhayo.
vendor-order-cancelled-because = Order { $order } radda bhayo. { $reason } Kripaya pack nagarnuhos; tapaiko stock pheri upalabdha bhayo.

vendor-not-yours = Order { $order } tapaiko jawaph parkhera baseko chhaina. Jawaph parkheka order herna ORDERS lekhnuhos.

vendor-help =
    Yati lekhna saknuhunchha:
    ORDERS - tapaiko jawaph parkheka wa tapai sanga bhaeka order
    ACCEPT { -example-number } - order line
    DECLINE { -example-number } chamal chhaina - karan sahit naline
    PACKING { -example-number } - pack garna thalepachhi
    DISPATCHED { -example-number } - godam bata niskepachhi
    OUT { -example-number } - pasal tira lagepachhi
    DELIVERED { -example-number } - pasal le paepachhi
    LANGUAGE - hamro jawaph ko bhasa
    HELP - yahi sandesh

vendor-orders-none = Tapaiko jawaph parkheko wa tapai sanga bhaeko kunai order chhaina.
vendor-orders = Tapaika order:
vendor-orders-line = { $order }: { $status }, { $shop }
vendor-orders-line-priced = { $order }: { $status }, { $shop }, { $total }

vendor-offer-lost-why =
    { $why ->
        [not_on_offer] Yo aba lina mildaina.
        [cancelled] Order radda bhayo.
        [asked_another] Ahile arko thok byapari lai sodhieko chha.
        [taken] Arko thok byapari le liisakeko chha.
        [expired] Jawaph dine samaya sakiyo.
        [given_away] Arko thok byapari lai diieko chha.
       *[other] { $words }
    }

vendor-order-step =
    Dhanyabad. { $order } ko awastha: { $status ->
        [packing] pack hudai
        [dispatched] pathaieko
        [out_for_delivery] bato ma
        [delivered] pugeko
       *[other] { $words }
    }.
vendor-no-order = Ahile tyo parkheko tapaiko kunai order chhaina. Aphna order herna ORDERS lekhnuhos.
vendor-which-order = Kun order? Shabda ra order number lekhnuhos, jastai: ACCEPT { -example-number }. Aphna order herna ORDERS lekhnuhos.
vendor-pack-list = { $shop } ko order { $order } tapailai diieko chha:
