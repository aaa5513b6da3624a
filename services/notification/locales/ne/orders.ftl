status =
    { $status ->
        [placed] दर्ता भयो, थोक व्यापारी खोज्दै छौं
        [pending] दर्ता भयो, थोक व्यापारी खोज्दै छौं
        [routed] दर्ता भयो, थोक व्यापारी खोज्दै छौं
        [sent_to_vendor] थोक व्यापारीको जवाफ पर्खँदै
        [accepted] थोक व्यापारीले स्वीकार गरेको
        [packing] प्याक हुँदै
        [dispatched] पठाइएको
        [out_for_delivery] बाटोमा, आउँदै
        [delivered] आइपुगेको
        [completed] पूरा भएको
        [cancelled] रद्द भएको
        [refused] हुन नसकेको
       *[other] { $words }
    }

payment-method =
    { $method ->
        [cash] नगद
        [bank_transfer] बैंक ट्रान्सफर
        [mobile_money] मोबाइल वालेट
        [cheque] चेक
       *[other] { $words }
    }

order-placed = अर्डर { $order } दर्ता भयो। कुल जम्मा: { $total }
order-placed-vendor = { $vendor } ले सामान ल्याउनेछ।
order-placed-asking = अहिले थोक व्यापारीलाई सोध्दै छौं, कसले ल्याउँछ भन्ने खबर गर्छौं।
order-placed-credit = लिन मिल्ने उधारो: { $left }
order-placed-status = कहाँ पुग्यो हेर्न STATUS { $order } लेख्नुहोस्।

order-refused = अर्डर { $order } हुन सकेन। { $reason }

order-status = अर्डर { $order }: { $status }
order-status-items = { $items } थरी सामान, कुल जम्मा { $total }
order-status-vendor = थोक व्यापारी: { $vendor }
order-status-due = तिर्ने मिति: { $day }

orders-none = तपाईंको अहिलेसम्म कुनै अर्डर छैन। अर्डर लेख्नुहोस्, जस्तै: { -example-order }
orders = तपाईंका पछिल्ला अर्डर:
orders-line = { $order }: { $status }, { $total }
orders-status = कुनै एक हेर्न STATUS { $order } लेख्नुहोस्।

balance-owed = तिर्न बाँकी: { $owed }
balance-ahead = तपाईंको अग्रिम जम्मा: { $ahead }
balance-credit =
    बाटोका अर्डरका लागि छुट्याइएको: { $held }
    उधारो सीमा: { $limit }
    लिन मिल्ने उधारो: { $left }
balance-next = अर्को भुक्तानी: { $amount }
balance-next-by = अर्को भुक्तानी: { $amount }, { $day } सम्म

vendor-assigned = { $vendor } ले तपाईंको अर्डर { $order } स्वीकार गरेको छ र सामान ल्याउनेछ।

order-packing = तपाईंको अर्डर { $order } प्याक हुँदै छ।
order-packing-by = { $vendor } ले तपाईंको अर्डर { $order } प्याक गर्दै छ।
order-dispatched = तपाईंको अर्डर { $order } पठाइएको छ।
order-dispatched-by = { $vendor } ले तपाईंको अर्डर { $order } पठाएको छ।
order-out = तपाईंको अर्डर { $order } आउँदै छ। सामान बुझ्न पसलमा कोही बस्नुहोला।
order-out-from = { $vendor } बाट तपाईंको अर्डर { $order } आउँदै छ। सामान बुझ्न पसलमा कोही बस्नुहोला।

order-delayed =
    तपाईंको अर्डर { $order } लाई अलि बढी समय लाग्दै छ: अहिलेसम्म कुनै थोक व्यापारीले लिएको छैन। हाम्रो टोली खोज्दै छ, चाँडै खबर गर्छौं।
    पर्खन नचाहे CANCEL { $order } लेख्नुहोस्।

order-delivered =
    तपाईंको अर्डर { $order } आइपुग्यो।
    कुल जम्मा: { $total }
order-delivered-invoice = बिल नम्बर: { $invoice }
order-delivered-due = तिर्ने अन्तिम मिति: { $day }
order-delivered-complete = सामान जाँचेपछि COMPLETE { $order } लेख्नुहोस्।
order-delivered-button = सामान पाएँ

order-completed = धन्यवाद! अर्डर { $order } पूरा भयो।

order-cancelled = तपाईंको अर्डर { $order } रद्द भयो। यसको केही तिर्नुपर्दैन र यसको उधारो फेरि खुला भयो।
order-cancelled-because = तपाईंको अर्डर { $order } रद्द भयो। { $reason } यसको केही तिर्नुपर्दैन र यसको उधारो फेरि खुला भयो।

order-escalated = अर्डर { $order } तपाईंले हेर्नुपर्छ। { $why }

payment-received = तपाईंको { $amount } भुक्तानी पाइयो। धन्यवाद!
payment-received-by = तपाईंको { $amount } भुक्तानी ({ $method }) पाइयो। धन्यवाद!
payment-owed = अब तिर्न बाँकी: { $owed }।
payment-settled = अब तिर्न केही बाँकी छैन।
