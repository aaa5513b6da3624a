status =
    { $status ->
        [placed] darta bhayo, thok byapari khojdai chhau
        [pending] darta bhayo, thok byapari khojdai chhau
        [routed] darta bhayo, thok byapari khojdai chhau
        [sent_to_vendor] thok byapari ko jawaph parkhadai
        [accepted] thok byapari le swikar gareko
        [packing] pack hudai
        [dispatched] pathaieko
        [out_for_delivery] bato ma, audai
        [delivered] aaipugeko
        [completed] pura bhaeko
        [cancelled] radda bhaeko
        [refused] huna nasakeko
       *[other] { $words }
    }

payment-method =
    { $method ->
        [cash] nagad
        [bank_transfer] bank transfer
        [mobile_money] mobile wallet
        [cheque] cheque
       *[other] { $words }
    }

order-placed = Order { $order } darta bhayo. Kul jamma: { $total }
order-placed-vendor = { $vendor } le saman lyaunechha.
order-placed-asking = Ahile thok byapari lai sodhdai chhau, kasle lyauchha bhanne khabar garchhau.
order-placed-credit = Lina milne udharo: { $left }
order-placed-status = Kaha pugyo herna STATUS { $order } lekhnuhos.

order-refused = Order { $order } huna sakena. { $reason }

order-status = Order { $order }: { $status }
order-status-items = { $items } thari saman, kul jamma { $total }
order-status-vendor = Thok byapari: { $vendor }
order-status-due = Tirne miti: { $day }

orders-none = Tapaiko ahile samma kunai order chhaina. Order lekhnuhos, jastai: { -example-order }
orders = Tapaika pachhilla order:
orders-line = { $order }: { $status }, { $total }
orders-status = Kunai ek herna STATUS { $order } lekhnuhos.

balance-owed = Tirna baki: { $owed }
balance-ahead = Tapaiko agrim jamma: { $ahead }
balance-credit =
    Bato ka order ko lagi chhutyaieko: { $held }
    Udharo sima: { $limit }
    Lina milne udharo: { $left }
balance-next = Arko bhuktani: { $amount }
balance-next-by = Arko bhuktani: { $amount }, { $day } samma

vendor-assigned = { $vendor } le tapaiko order { $order } swikar gareko chha ra saman lyaunechha.

order-packing = Tapaiko order { $order } pack hudai chha.
order-packing-by = { $vendor } le tapaiko order { $order } pack gardai chha.
order-dispatched = Tapaiko order { $order } pathaieko chha.
order-dispatched-by = { $vendor } le tapaiko order { $order } pathaeko chha.
order-out = Tapaiko order { $order } audai chha. Saman bujhna pasal ma kohi basnuhola.
order-out-from = { $vendor } bata tapaiko order { $order } audai chha. Saman bujhna pasal ma kohi basnuhola.

order-delayed =
    Tapaiko order { $order } lai ali badhi samaya lagdai chha: ahile samma kunai thok byapari le lieko chhaina. Hamro team khojdai chha, chadai khabar garchhau.
    Parkhana nachahe CANCEL { $order } lekhnuhos.

order-delivered =
    Tapaiko order { $order } aaipugyo.
    Kul jamma: { $total }
order-delivered-invoice = Bill number: { $invoice }
order-delivered-due = Tirne antim miti: { $day }
order-delivered-complete = Saman janchepachhi COMPLETE { $order } lekhnuhos.
order-delivered-button = Saman paye

order-completed = Dhanyabad! Order { $order } pura bhayo.

order-cancelled = Tapaiko order { $order } radda bhayo. Yasko kehi tirnupardaina ra yasko udharo pheri khula bhayo.
order-cancelled-because = Tapaiko order { $order } radda bhayo. { $reason } Yasko kehi tirnupardaina ra yasko udharo pheri khula bhayo.

order-escalated = Order { $order } tapaile hernuparchha. { $why }

payment-received = Tapaiko { $amount } bhuktani paiyo. Dhanyabad!
payment-received-by = Tapaiko { $amount } bhuktani ({ $method }) paiyo. Dhanyabad!
payment-owed = Aba tirna baki: { $owed }.
payment-settled = Aba tirna kehi baki chhaina.
