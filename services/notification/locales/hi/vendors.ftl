vendor-status =
    { $status ->
        [placed] दर्ज
        [pending] दर्ज
        [routed] दर्ज
        [sent_to_vendor] आपके जवाब का इंतज़ार
        [accepted] स्वीकार किया
        [packing] पैक हो रहा है
        [dispatched] भेज दिया
        [out_for_delivery] रास्ते में
        [delivered] पहुँच गया
        [completed] पूरा हुआ
        [cancelled] रद्द हुआ
        [refused] नहीं हो सका
       *[other] { $words }
    }

vendor-status-taken =
    { $status ->
        [accepted] स्वीकार किया
        [packing] पैक हो रहा है
        [dispatched] भेज दिया
        [out_for_delivery] रास्ते में
        [delivered] पहुँच गया
        [completed] पूरा हुआ
        [cancelled] रद्द हुआ
       *[other] { $words }
    }

shop-place = दुकान: { $shop }
shop-place-in = दुकान: { $shop }, { $municipality }

vendor-offer = नया ऑर्डर { $order }
vendor-offer-total = आपके दामों पर कुल: { $total }
vendor-offer-reply = लेना हो तो { $minutes } मिनट में ACCEPT { $order }, नहीं तो DECLINE { $order } और कारण लिखें।
vendor-offer-accept = स्वीकार
vendor-offer-decline = अस्वीकार

vendor-order-yours = ऑर्डर { $order } आपका ही है। अभी की स्थिति: { $status }।
vendor-order-yours-call = आप इसे ले चुके हैं, इसलिए यहाँ से मना नहीं हो सकता। पहुँचा न सकें तो { $phone } पर फ़ोन करें।

vendor-offer-won = ऑर्डर { $order } आपका हुआ, दुकान को बता दिया गया है।
vendor-offer-won-phone = फ़ोन: { $phone }
vendor-offer-won-pack = कृपया पैक करें। शुरू करते समय PACKING { $order } और भेजते समय DISPATCHED { $order } लिखें।

vendor-offer-lost = ऑर्डर { $order } आपका नहीं है। { $why } कृपया इसे पैक न करें।

vendor-offer-declined = ठीक है, आप ऑर्डर { $order } नहीं ले रहे। जल्दी जवाब देने के लिए धन्यवाद।

vendor-order-cancelled = ऑर्डर { $order } रद्द हो गया। कृपया पैक न करें; आपका स्टॉक फिर से उपलब्ध है।
vendor-order-cancelled-because = ऑर्डर { $order } रद्द हो गया। { $reason } कृपया पैक न करें; आपका स्टॉक फिर से उपलब्ध है।

vendor-not-yours = ऑर्डर { $order } आपके जवाब का इंतज़ार नहीं कर रहा। जिन ऑर्डर को जवाब चाहिए, देखने के लिए ORDERS लिखें।

vendor-help =
    आप यह लिख सकते हैं:
    ORDERS - जो ऑर्डर आपके जवाब के इंतज़ार में या आपके पास हैं
    ACCEPT { -example-number } - ऑर्डर लें
    DECLINE { -example-number } चावल नहीं है - कारण बताकर मना करें
    PACKING { -example-number } - पैक करना शुरू किया
    DISPATCHED { -example-number } - गोदाम से निकल गया
    OUT { -example-number } - दुकान के रास्ते में
    DELIVERED { -example-number } - दुकान को मिल गया
    LANGUAGE - हमारे जवाब की भाषा
    HELP - यही संदेश

vendor-orders-none = आपके जवाब के इंतज़ार में या आपके पास कोई ऑर्डर नहीं है।
vendor-orders = आपके ऑर्डर:
vendor-orders-line = { $order }: { $status }, { $shop }
vendor-orders-line-priced = { $order }: { $status }, { $shop }, { $total }

vendor-offer-lost-why =
    { $why ->
        [not_on_offer] यह अब नहीं लिया जा सकता।
        [cancelled] ऑर्डर रद्द हो गया।
        [asked_another] अभी किसी और थोक व्यापारी से पूछा गया है।
        [taken] यह किसी और थोक व्यापारी के पास है।
        [expired] जवाब देने का समय निकल गया।
        [given_away] यह किसी और थोक व्यापारी को दे दिया गया है।
       *[other] { $words }
    }

vendor-order-step =
    धन्यवाद। { $order } की स्थिति: { $status ->
        [packing] पैक हो रहा है
        [dispatched] भेज दिया
        [out_for_delivery] रास्ते में
        [delivered] पहुँच गया
       *[other] { $words }
    }।
vendor-no-order = अभी आपका कोई ऑर्डर इसके इंतज़ार में नहीं है। अपने ऑर्डर देखने के लिए ORDERS लिखें।
vendor-which-order = कौन-सा ऑर्डर? शब्द और ऑर्डर नंबर लिखें, जैसे: ACCEPT { -example-number }। अपने ऑर्डर देखने के लिए ORDERS लिखें।
vendor-pack-list = { $shop } का ऑर्डर { $order } आपको दिया गया है:
