vendor-ask-takes = ऑर्डर { $order } लेंगे?
vendor-ask-refuses = ऑर्डर { $order } नहीं लेंगे?
vendor-ask-left = ऑर्डर { $order } निकल गया?
vendor-ask-left-unpacked = ऑर्डर { $order } निकल गया? पैक हो रहा है, यह आपने अब तक नहीं बताया।
vendor-ask-left-before = ऑर्डर { $order } भेजा हुआ पहले से लिखा है। क्या अब दुकान के रास्ते में है?
vendor-ask-left-untaken = ऑर्डर { $order } अभी आपका नहीं है, आपके जवाब का इंतज़ार है। लेंगे?

vendor-ask-answer-within = अभी कुछ नहीं किया गया है। { $minutes } मिनट में, लेना हो तो ACCEPT { $order }, नहीं तो DECLINE { $order } और कारण लिखें।
vendor-ask-answer = अभी कुछ नहीं किया गया है। लेना हो तो ACCEPT { $order }, नहीं तो DECLINE { $order } और कारण लिखें।
vendor-ask-dispatched = अभी कुछ नहीं लिखा गया है। हाँ, तो DISPATCHED { $order } लिखें।
vendor-ask-packing = अभी कुछ नहीं लिखा गया है। पहले PACKING { $order }, फिर DISPATCHED { $order } लिखें।
vendor-ask-out = अभी कुछ नहीं लिखा गया है। हाँ, तो OUT { $order } लिखें।

vendor-button-packing = पैक हो रहा है
vendor-button-dispatched = भेज दिया
vendor-button-out = रास्ते में

vendor-which-takes = कौन-सा ऑर्डर लेंगे?
vendor-which-refuses = कौन-सा ऑर्डर नहीं लेंगे?
vendor-which-left = कौन-सा ऑर्डर निकला?
vendor-which-line = { $shop }, { $total }
vendor-which-reply = अभी कुछ नहीं किया गया है। एक चुनें, या यहाँ लिखा शब्द और नंबर वैसा ही लिखें।
vendor-which-more = और भी हैं; जो हो उसके नंबर के साथ शब्द लिखें।
vendor-which-button = चुनें

vendor-partial = ऑर्डर { $order }, आपकी बात से मैंने यह समझा:
vendor-partial-unread = ऑर्डर { $order }: इसमें से आप क्या दे सकते हैं, समझ में नहीं आया।
vendor-partial-all = - { $name }: पूरा { $amount }
vendor-partial-some = - { $name }: { $amount } में से { $can }
vendor-partial-none = - { $name }: { $amount } में से कुछ नहीं
vendor-partial-unsaid = - { $name }: { $amount }, आपने नहीं बताया
vendor-partial-foreign = इस ऑर्डर में "{ $words }" नहीं है।
vendor-partial-unclear = "{ $words }" समझ में नहीं आया।
vendor-partial-offered = कुछ नहीं बदला: ऑर्डर पूरा लिया जाता है या नहीं लिया जाता। एक हिस्सा कैसे दे सकते हैं, यह हमारा कोई व्यक्ति देखेगा। पूरा लेना हो तो ACCEPT { $order }, नहीं तो DECLINE { $order } और कारण लिखें।
vendor-partial-within = यह आपके लिए और { $minutes } मिनट रुकेगा; उसके बाद नहीं लिया जा सकेगा।
vendor-partial-taken = कुछ नहीं बदला: आप पूरा ऑर्डर ले चुके हैं। हमारा कोई व्यक्ति देखेगा।
vendor-partial-which = कौन-सा ऑर्डर? कृपया उसके नंबर के साथ फिर से लिखें:
vendor-partial-more = और भी हैं; अपने ऑर्डर देखने के लिए ORDERS लिखें।
