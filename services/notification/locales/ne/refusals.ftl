order-state =
    { $status ->
        [placed] दर्ता
        [pending] दर्ता
        [routed] दर्ता
        [sent_to_vendor] थोक व्यापारीको जवाफ पर्खँदै
        [accepted] स्वीकार
        [packing] प्याक हुँदै
        [dispatched] पठाइएको
        [out_for_delivery] बाटोमा
        [delivered] आइपुगेको
        [completed] पूरा
        [cancelled] रद्द
        [refused] हुन नसकेको
       *[other] { $words }
    }

refused-order-unknown = यस्तो अर्डर छैन।
refused-quote-unknown = यस्तो सूची छैन।
refused-quote-expired = मूल्य दस मिनेटका लागि मात्र थियो; नयाँ मूल्य माग्नुहोस्।
refused-quote-used = यो सूची { $order } नम्बरमा अर्डर भइसकेको छ।
refused-already = अर्डर { $order } को अवस्था पहिल्यै यही छ: { $status }।
refused-wrong-status = अर्डर { $order } को अहिलेको अवस्था: { $status }। त्यसैले "{ $wanted }" हुन सक्दैन।
refused-stale = अर्डर { $order } बीचमै फेरिएको छ।
refused-not-your-offer = अर्डर { $order } अर्को थोक व्यापारीलाई सोधिएको छ।
refused-offer-gone = अर्डर { $order } अब लिन मिल्दैन।
refused-reason-missing = कृपया अर्डर नम्बरपछि कारण पनि लेख्नुहोस्। थोक व्यापारीले अर्डर लिइसकेको छ।
vendor-refused-reason-missing = कृपया अर्डर नम्बरपछि कारण पनि लेख्नुहोस्।
