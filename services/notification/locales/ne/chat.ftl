full-stop = ।

unit-alone = { $unit ->
    [kg] किलो
    [g] ग्राम
    [l] लिटर
    [ml] मिलिलिटर
    [quintal] क्विन्टल
    [dozen] दर्जन
    [piece] पिस
    [packet] प्याकेट
    [bottle] बोतल
    [jar] जार
    [tin] टिन
    [sack] बोरा
    [carton] कार्टुन
    [crate] क्रेट
    [box] बाकस
    [strip] पत्ता
    [bundle] बन्डल
    [pair] जोडी
    [pau] पाउ
   *[other] { $unit }
}
pack-of = { $factor } वटाको { $unit }
either = { $one } कि { $other }

basket-waits = तपाईंको सूची अझै पर्खिरहेको छ: पक्का गर्न CONFIRM, सच्याउन CHANGE, छोड्न CANCEL लेख्नुहोस्।
list-empty = अब सूचीमा केही बाँकी रहेन। चाहिएको बेला अर्को सूची पठाउनुहोस्।
list-again = जस्तो हुनुपर्ने हो, पूरै सूची फेरि पठाउनुहोस्, जस्तै: { -example-order }
nothing-to-cancel = यहाँ छोड्नुपर्ने केही छैन। अर्डर रद्द गर्न CANCEL र अर्डर नम्बर लेख्नुहोस्।
nothing-to-repeat = दोहोर्‍याउन मिल्ने तपाईंको कुनै अर्डर अहिलेसम्म छैन। के चाहियो, सूची पठाउनुहोस्।
order-repeated = तपाईंको अर्डर { $order } फेरि, आजको मूल्यमा:
which-order = कुन अर्डर? COMPLETE र अर्डर नम्बर लेख्नुहोस्।
answer-unclear = यो बुझिएन, त्यसैले हाम्रो टोलीले हेर्नेछ। तपाईं यसको जवाफ अझै दिन सक्नुहुन्छ:

not-changed = केही फेरिएको छैन: { $problems }।
problem-too-many = एउटा सन्देशमा बढीमा { $max } थरी सामान; बाँकी अर्को सन्देशमा पठाउनुहोस्
problem-list-too-long = एउटा सूचीमा बढीमा { $max } थरी सामान हुन्छ
problem-unknown = बुझिएन: "{ $phrase }"
problem-unknown-near = बुझिएन: "{ $phrase }"; मिल्दोजुल्दो: { $near }
problem-not-possible = "{ $phrase }" को { $quantity } हुन सक्दैन
problem-impossible = यसमा भएको कुनै सामान, एकाइ वा परिमाण मिल्दैन
problem-not-in-basket = "{ $phrase }" सूचीमा छैन
problem-unclear-removal = "{ $phrase }" धेरै सामानसँग मिल्छ वा कुनैसँग मिल्दैन: हटाउन पूरा नाम लेख्नुहोस्
problem-no-product = { $name } नामको सामान छैन
problem-that-unit = { $name } त्यो एकाइमा बिक्री हुँदैन
problem-unit = { $name } { $unit } मा बिक्री हुँदैन
problem-whole-only = { $name } सिङ्गो मात्र बिक्री हुन्छ, { $amount } होइन
problem-below-minimum = { $name } जससँग छ, तिनले कम्तीमा { $least } मात्र बेच्छन्

words-unknown = { $words } बुझिएन।
word-places-basket = सूची पक्का गर्न CONFIRM लेख्नुहोस्।
word-drops-list = सूची छोड्न CANCEL लेख्नुहोस्।
word-cancels-order = अर्डर रद्द गर्न CANCEL र अर्डर नम्बर लेख्नुहोस्।
word-confirms-receipt = सामान पाएको जनाउन COMPLETE र अर्डर नम्बर लेख्नुहोस्।
word-repeats-order = पहिलेकै अर्डर फेरि चाहिए छुट्टै सन्देशमा लेख्नुहोस्।
word-of-help = के लेख्न मिल्छ हेर्न HELP लेख्नुहोस्।

ask-name = "{ $phrase }" भन्ने सामान थाहा भएन। नाम अर्कै तरिकाले लेख्नुहोस्, वा सूचीबाट हटाउन SKIP लेख्नुहोस्।
ask-not-sold-so = { $name } त्यसरी बिक्री हुँदैन।
ask-whole-only = { $name } सिङ्गो प्याक मात्र बिक्री हुन्छ।
ask-quantity = { $name } कति?
ask-sold-by = यो यसरी बिक्री हुन्छ: { $units }।
ask-number-means = नम्बर मात्र लेखे { $unit } बुझिन्छ।
ask-or-skip = सूचीबाट हटाउन SKIP लेख्नुहोस्।

price-line-none = { $name }: अहिले कसैसँग छैन।
there-in-stock = स्टकमा छ
there-out-of-stock = अहिले सकिएको छ
price-line = { $name }: { $unit } को { $price } देखि, भ्याट बाहेक; { $there }।
price-line-pack = { $name }: { $unit } को { $price } देखि, { $pack } को { $total }, भ्याट बाहेक; { $there }।
prices-more = … र थप { $more } वटा; ती हेर्न नाम अझ खुलाएर लेख्नुहोस्।
prices-unknown = "{ $phrase }" भन्ने सामान थाहा भएन।
prices-of-what = मूल्य र स्टक हेर्न सामानको नाम लेख्नुहोस्।

statement-none = तपाईंको खातामा अहिलेसम्म केही लेखिएको छैन।
statement = तपाईंको खाता, नयाँबाट पुरानोतिर:
entry-kind =
    { $kind ->
        [delivery] सामान
        [payment] भुक्तानी
        [opening_balance] सुरुको बाँकी
       *[other] { $words }
    }
entry-more = { $kind }, { $amount } बाँकी थपियो
entry-less = { $kind }, { $amount } बाँकी घट्यो
entry-of-day = { $day }: { $entry }

matter-asked = हाम्रो टोलीले तपाईंलाई लेख्नेछ वा फोन गर्नेछ।
matter-claim = धन्यवाद। हाम्रो टोलीले भुक्तानी जाँचेर चढाउनेछ; त्यसपछि तपाईंको बाँकी मिल्नेछ।
matter-claim-of = धन्यवाद। हाम्रो टोलीले { $amount } को भुक्तानी जाँचेर चढाउनेछ; त्यसपछि तपाईंको बाँकी मिल्नेछ।
matter-promise = धन्यवाद। तपाईंले तिर्ने कुरा हाम्रो टोलीले टिप्नेछ।
matter-promise-of = धन्यवाद। तपाईंले { $amount } तिर्ने कुरा हाम्रो टोलीले टिप्नेछ।
matter-sorry = माफ गर्नुहोस्। तपाईंले लेख्नुभएको कुरा हाम्रो टोलीले हेर्नेछ।
matter-sorry-for = माफ गर्नुहोस्। { $order } बारे तपाईंले लेख्नुभएको कुरा हाम्रो टोलीले हेर्नेछ।
matter-stop = तपाईंको अर्डरलाई चाहिनेभन्दा बढी सन्देश नआउने गरी हाम्रो टोलीले मिलाउनेछ।
matter-start = हाम्रा सन्देश तपाईंकहाँ पुग्ने गरी हाम्रो टोलीले मिलाउनेछ।
matter-change = दर्ता भइसकेको अर्डर हाम्रो टोलीले मात्र फेर्न सक्छ र हेर्नेछ।
matter-partial-accept = यसको केही भाग कसरी दिन सकिन्छ, हाम्रो टोलीले हेर्नेछ। त्यतिबेलासम्म अर्डर तपाईंको ACCEPT वा DECLINE पर्खन्छ।
matter-stock-update = तपाईंको स्टक र मूल्य हाम्रो टोलीले टिप्नेछ।
matter-sent = तपाईंले पठाउनुभएको कुरा हाम्रो टोलीले हेर्नेछ।
matter-call = हतार भए { $phone } मा फोन गर्नुहोस्।

media-unread =
    तपाईंको { $kind ->
        [image] फोटो
        [audio] आवाज सन्देश
        [video] भिडियो
        [document] कागजात
        [sticker] स्टिकर
        [order] क्याटलगको अर्डर
       *[other] सन्देश
    } पाइयो। हाम्रो टोलीले हेर्नेछ। लेखेर पठाउनुभयो भने तुरुन्तै जवाफ पाउनुहुन्छ।
location-noted = तपाईंले पठाउनुभएको ठाउँ पाइयो, हाम्रो टोलीले हेर्नेछ। त्यतिन्जेल सामान तपाईंको खाताको ठेगानामै जान्छ।
contacts-noted = तपाईंले पठाउनुभएको सम्पर्क पाइयो, हाम्रो टोलीले हेर्नेछ। अर्डर तपाईंको खाताका फोनबाट मात्र गर्न सकिन्छ।

basket-placed = यो सूची { $order } नम्बरमा अर्डर भइसकेको छ, फेरि केही अर्डर भएको छैन। कहाँ पुग्यो हेर्न STATUS { $order } लेख्नुहोस्।
basket-placed-cancel = यो सूची { $order } नम्बरमा अर्डर भइसकेको छ। त्यो अर्डर रद्द गर्न CANCEL { $order } लेख्नुहोस्, वा अर्को सूची पठाउनुहोस्।

nothing-done =
    { $undone ->
        [chosen] केही छानिएको छैन
        [ordered] केही अर्डर भएको छैन
        [dropped] केही छोडिएको छैन
       *[changed] केही फेरिएको छैन
    }
outdated-replaced =
    त्यो { $of ->
        [question] प्रश्न
       *[basket] सूची
    } बदलिइसकेको छ, त्यसैले { $undone }।
outdated-gone =
    त्यो { $of ->
        [question] प्रश्न
       *[basket] सूची
    } अब पर्खिरहेको छैन, त्यसैले { $undone }।
outdated-nothing = के चाहियो, सूची पठाउनुहोस्।
outdated-question = अहिलेको प्रश्न यो हो:
outdated-basket = अहिले पर्खिरहेको सूची यो हो:
