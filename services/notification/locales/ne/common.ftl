### नेपाली। तर्क र तिनको अर्थ en/ मा छन्। ठूला अक्षरका शब्द (CONFIRM, STATUS…) आदेश हुन्, अनुवाद हुँदैनन्।

-example-order = 2 बोरा जिरा मसिनो, 1 बोरा चिनी
-example-number = ORD2611000429

rupees = रु

date = { $day } { $month ->
    [jan] जनवरी
    [feb] फेब्रुअरी
    [mar] मार्च
    [apr] अप्रिल
    [may] मे
    [jun] जुन
    [jul] जुलाई
    [aug] अगस्ट
    [sep] सेप्टेम्बर
    [oct] अक्टोबर
    [nov] नोभेम्बर
    [dec] डिसेम्बर
   *[other] { $month }
} { $year }

amount = { $count } { $unit ->
    [kg] किलो
    [g] ग्राम
    [l] लिटर
    [ml] मिलिलिटर
    [quintal] क्विन्टल
    [dozen] दर्जन
    [piece] वटा
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

your-order = तपाईंको अर्डर:

line = { $n }. { $name }: { $amount }
line-priced = { $n }. { $name }: { $amount } x { $price } = { $total }
