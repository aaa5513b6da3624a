quote-sums =
    जोड़: { $subtotal }
    वैट: { $vat }
    कुल: { $total }
    इसके बाद मिलने वाला उधार: { $left }
quote-reply = पक्का करने के लिए CONFIRM, बदलने के लिए CHANGE, छोड़ने के लिए CANCEL लिखें। ये दाम { $minutes } मिनट तक मान्य हैं।
quote-confirm = पक्का करें
quote-change = बदलें
quote-cancel = छोड़ें

quote-credit-sums =
    कुल: { $total }
    मिलने वाला उधार: { $left }
quote-credit-short = यह आपको मिलने वाले उधार से { $short } ज़्यादा है, इसलिए अभी ऑर्डर नहीं हो सकता। कम से कम { $short } चुकाएँ या छोटा ऑर्डर लिखें।

quote-stock-none =
    { $name } ख़त्म हो गया है; आपने { $asked } माँगा था।
    कृपया इसके बिना या कोई और सामान लेकर ऑर्डर फिर से लिखें।
quote-stock-short =
    { $name } पूरा नहीं है। आपने माँगा: { $asked }। उपलब्ध: { $available }।
    कृपया { $available } या उससे कम के लिए ऑर्डर फिर से लिखें।

no-single-vendor = यह सारा सामान किसी एक थोक व्यापारी के पास नहीं है:
no-single-vendor-split = कृपया इसे दो ऑर्डर में बाँटकर एक-एक करके भेजें।

quote-expired = इन दामों का समय निकल गया, इसलिए ऑर्डर नहीं हुआ। अब के दाम पर आपकी सूची भेज रहे हैं।
quote-cancelled = कुछ भी ऑर्डर नहीं किया गया। जब चाहें नया ऑर्डर लिखें।
