status =
    { $status ->
        [placed] दर्ज हो गया, हम थोक व्यापारी खोज रहे हैं
        [pending] दर्ज हो गया, हम थोक व्यापारी खोज रहे हैं
        [routed] दर्ज हो गया, हम थोक व्यापारी खोज रहे हैं
        [sent_to_vendor] थोक व्यापारी के जवाब का इंतज़ार
        [accepted] थोक व्यापारी ने स्वीकार किया
        [packing] पैक हो रहा है
        [dispatched] भेज दिया गया
        [out_for_delivery] रास्ते में है
        [delivered] पहुँच गया
        [completed] पूरा हुआ
        [cancelled] रद्द हुआ
        [refused] नहीं हो सका
       *[other] { $words }
    }

payment-method =
    { $method ->
        [cash] नकद
        [bank_transfer] बैंक ट्रांसफ़र
        [mobile_money] मोबाइल वॉलेट
        [cheque] चेक
       *[other] { $words }
    }

order-placed = ऑर्डर { $order } दर्ज हो गया। कुल: { $total }
order-placed-vendor = सामान { $vendor } पहुँचाएँगे।
order-placed-asking = हम अभी थोक व्यापारी से पूछ रहे हैं और बताएँगे कि सामान कौन लाएगा।
order-placed-credit = मिलने वाला उधार: { $left }
order-placed-status = ऑर्डर कहाँ पहुँचा, देखने के लिए STATUS { $order } लिखें।

order-refused = ऑर्डर { $order } नहीं हो सका। { $reason }

order-status = ऑर्डर { $order }: { $status }
order-status-items = { $items } सामान, कुल { $total }
order-status-vendor = थोक व्यापारी: { $vendor }
order-status-due = भुगतान की तारीख़: { $day }

orders-none = आपका अभी कोई ऑर्डर नहीं है। एक लिखें, जैसे: { -example-order }
orders = आपके पिछले ऑर्डर:
orders-line = { $order }: { $status }, { $total }
orders-status = इनमें से एक देखने के लिए STATUS { $order } लिखें।

balance-owed = आपका बकाया: { $owed }
balance-ahead = आपका अग्रिम जमा: { $ahead }
balance-credit =
    रास्ते के ऑर्डर के लिए रोका गया: { $held }
    उधार सीमा: { $limit }
    मिलने वाला उधार: { $left }
balance-next = अगला भुगतान: { $amount }
balance-next-by = अगला भुगतान: { $amount }, { $day } तक

vendor-assigned = { $vendor } ने आपका ऑर्डर { $order } स्वीकार कर लिया है और सामान पहुँचाएँगे।

order-packing = आपका ऑर्डर { $order } पैक हो रहा है।
order-packing-by = { $vendor } आपका ऑर्डर { $order } पैक कर रहे हैं।
order-dispatched = आपका ऑर्डर { $order } भेज दिया गया है।
order-dispatched-by = { $vendor } ने आपका ऑर्डर { $order } भेज दिया है।
order-out = आपका ऑर्डर { $order } रास्ते में है। सामान लेने के लिए कृपया दुकान पर कोई रहे।
order-out-from = { $vendor } से आपका ऑर्डर { $order } रास्ते में है। सामान लेने के लिए कृपया दुकान पर कोई रहे।

order-delayed =
    आपके ऑर्डर { $order } में सामान्य से ज़्यादा समय लग रहा है: अभी किसी थोक व्यापारी ने इसे नहीं लिया है। हमारी टीम खोज रही है और जल्द बताएगी।
    इंतज़ार न करना चाहें तो CANCEL { $order } लिखें।

order-delivered =
    आपका ऑर्डर { $order } पहुँच गया।
    कुल: { $total }
order-delivered-invoice = बिल नंबर: { $invoice }
order-delivered-due = भुगतान की आख़िरी तारीख़: { $day }
order-delivered-complete = सामान जाँचने के बाद COMPLETE { $order } लिखें।
order-delivered-button = सामान मिल गया

order-completed = धन्यवाद! ऑर्डर { $order } पूरा हुआ।

order-cancelled = आपका ऑर्डर { $order } रद्द हो गया। इसके लिए कुछ नहीं देना है और इसका उधार फिर खुल गया है।
order-cancelled-because = आपका ऑर्डर { $order } रद्द हो गया। { $reason } इसके लिए कुछ नहीं देना है और इसका उधार फिर खुल गया है।

order-escalated = ऑर्डर { $order } आपको देखना है। { $why }

payment-received = आपका { $amount } का भुगतान मिल गया। धन्यवाद!
payment-received-by = आपका { $amount } का भुगतान ({ $method }) मिल गया। धन्यवाद!
payment-owed = अब आपका बकाया: { $owed }।
payment-settled = अब कुछ भी बकाया नहीं है।
