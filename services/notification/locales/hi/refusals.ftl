order-state =
    { $status ->
        [placed] दर्ज
        [pending] दर्ज
        [routed] दर्ज
        [sent_to_vendor] थोक व्यापारी के जवाब का इंतज़ार
        [accepted] स्वीकार
        [packing] पैक हो रहा है
        [dispatched] भेज दिया गया
        [out_for_delivery] रास्ते में
        [delivered] पहुँच गया
        [completed] पूरा
        [cancelled] रद्द
        [refused] नहीं हो सका
       *[other] { $words }
    }

refused-order-unknown = ऐसा कोई ऑर्डर नहीं है।
refused-quote-unknown = ऐसी कोई सूची नहीं है।
refused-quote-expired = दाम सिर्फ़ दस मिनट के लिए थे; नए दाम माँगें।
refused-quote-used = यह सूची { $order } नंबर से ऑर्डर हो चुकी है।
refused-already = ऑर्डर { $order } की स्थिति पहले से यही है: { $status }।
refused-wrong-status = ऑर्डर { $order } की अभी की स्थिति: { $status }। इसलिए "{ $wanted }" नहीं हो सकता।
refused-stale = ऑर्डर { $order } इस बीच बदल गया है।
refused-not-your-offer = ऑर्डर { $order } किसी और थोक व्यापारी से पूछा गया है।
refused-offer-gone = ऑर्डर { $order } अब नहीं लिया जा सकता।
refused-reason-missing = कृपया ऑर्डर नंबर के बाद कारण भी लिखें। थोक व्यापारी इसे ले चुके हैं।
vendor-refused-reason-missing = कृपया ऑर्डर नंबर के बाद कारण भी लिखें।
