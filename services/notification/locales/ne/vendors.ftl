vendor-status =
    { $status ->
        [placed] दर्ता भएको
        [pending] दर्ता भएको
        [routed] दर्ता भएको
        [sent_to_vendor] तपाईंको जवाफ पर्खँदै
        [accepted] स्वीकार गरिएको
        [packing] प्याक हुँदै
        [dispatched] पठाइएको
        [out_for_delivery] बाटोमा
        [delivered] पुगेको
        [completed] पूरा भएको
        [cancelled] रद्द भएको
        [refused] हुन नसकेको
       *[other] { $words }
    }

vendor-status-taken =
    { $status ->
        [accepted] स्वीकार गरिएको
        [packing] प्याक हुँदै
        [dispatched] पठाइएको
        [out_for_delivery] बाटोमा
        [delivered] पुगेको
        [completed] पूरा भएको
        [cancelled] रद्द भएको
       *[other] { $words }
    }

shop-place = पसल: { $shop }
shop-place-in = पसल: { $shop }, { $municipality }

vendor-offer = नयाँ अर्डर { $order }
vendor-offer-total = तपाईंको मूल्यमा जम्मा: { $total }
vendor-offer-reply = लिने भए { $minutes } मिनेटभित्र ACCEPT { $order }, नलिने भए DECLINE { $order } र कारण लेख्नुहोस्।
vendor-offer-accept = स्वीकार
vendor-offer-decline = अस्वीकार

vendor-order-yours = अर्डर { $order } तपाईंकै हो। अहिलेको अवस्था: { $status }।
vendor-order-yours-call = तपाईंले लिइसक्नुभएको छ, त्यसैले यहाँबाट अस्वीकार गर्न मिल्दैन। पठाउन नसक्ने भए { $phone } मा फोन गर्नुहोस्।

vendor-offer-won = अर्डर { $order } तपाईंको भयो, पसललाई खबर गरिएको छ।
vendor-offer-won-phone = फोन: { $phone }
vendor-offer-won-pack = कृपया प्याक गर्नुहोस्। सुरु गर्दा PACKING { $order } र पठाउँदा DISPATCHED { $order } लेख्नुहोस्।

vendor-offer-lost = अर्डर { $order } तपाईंको होइन। { $why } कृपया प्याक नगर्नुहोस्।

vendor-offer-declined = बुझ्यौं, तपाईंले अर्डर { $order } लिनुहुन्न। छिटो जवाफका लागि धन्यवाद।

vendor-order-cancelled = अर्डर { $order } रद्द भयो। कृपया प्याक नगर्नुहोस्; तपाईंको स्टक फेरि उपलब्ध भयो।
vendor-order-cancelled-because = अर्डर { $order } रद्द भयो। { $reason } कृपया प्याक नगर्नुहोस्; तपाईंको स्टक फेरि उपलब्ध भयो।

vendor-not-yours = अर्डर { $order } तपाईंको जवाफ पर्खेर बसेको छैन। जवाफ पर्खेका अर्डर हेर्न ORDERS लेख्नुहोस्।

vendor-help =
    यति लेख्न सक्नुहुन्छ:
    ORDERS - तपाईंको जवाफ पर्खेका वा तपाईंसँग भएका अर्डर
    ACCEPT { -example-number } - अर्डर लिने
    DECLINE { -example-number } चामल छैन - कारणसहित नलिने
    PACKING { -example-number } - प्याक गर्न थालेपछि
    DISPATCHED { -example-number } - गोदामबाट निस्केपछि
    OUT { -example-number } - पसलतिर लागेपछि
    DELIVERED { -example-number } - पसलले पाएपछि
    LANGUAGE - हाम्रो जवाफको भाषा
    HELP - यही सन्देश

vendor-orders-none = तपाईंको जवाफ पर्खेको वा तपाईंसँग भएको कुनै अर्डर छैन।
vendor-orders = तपाईंका अर्डर:
vendor-orders-line = { $order }: { $status }, { $shop }
vendor-orders-line-priced = { $order }: { $status }, { $shop }, { $total }

vendor-offer-lost-why =
    { $why ->
        [not_on_offer] यो अब लिन मिल्दैन।
        [cancelled] अर्डर रद्द भयो।
        [asked_another] अहिले अर्को थोक व्यापारीलाई सोधिएको छ।
        [taken] अर्को थोक व्यापारीले लिइसकेको छ।
        [expired] जवाफ दिने समय सकियो।
        [given_away] अर्को थोक व्यापारीलाई दिइएको छ।
       *[other] { $words }
    }

vendor-order-step =
    धन्यवाद। { $order } को अवस्था: { $status ->
        [packing] प्याक हुँदै
        [dispatched] पठाइएको
        [out_for_delivery] बाटोमा
        [delivered] पुगेको
       *[other] { $words }
    }।
vendor-no-order = अहिले त्यो पर्खेको तपाईंको कुनै अर्डर छैन। आफ्ना अर्डर हेर्न ORDERS लेख्नुहोस्।
vendor-which-order = कुन अर्डर? शब्द र अर्डर नम्बर लेख्नुहोस्, जस्तै: ACCEPT { -example-number }। आफ्ना अर्डर हेर्न ORDERS लेख्नुहोस्।
vendor-pack-list = { $shop } को अर्डर { $order } तपाईंलाई दिइएको छ:
